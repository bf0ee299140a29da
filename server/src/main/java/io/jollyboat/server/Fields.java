package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.schema.FieldCheck;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.schema.Type;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Takes what the schema does not know out of an object, and says so or refuses it as the request wishes. */
final class Fields implements Step {
    /** As Kubernetes names what is wrong with the outcome of a patch. */
    private static final Resource NOTHING =
            new Resource("", "", "", "", "", List.of(), false, Set.of(), List.of(), List.of());

    private final Schema schema;

    Fields(Schema schema) {
        this.schema = schema;
    }

    @Override
    public void take(Write write) {
        Optional<Type.Struct> type = schema.type(write.resource());
        if (type.isEmpty()) {
            return;
        }
        FieldCheck.Checked checked = FieldCheck.check(write.after(), type.get());
        checked.mismatch().ifPresent(detail -> {
            throw cannotBeHandled(write, detail);
        });
        ObjectNode after = write.after();
        after.removeAll();
        after.setAll(checked.object());
        Meta.writable(after);
        if (checked.unknown().isEmpty()) {
            return;
        }
        switch (write.options().validation()) {
            case IGNORE -> {}
            case WARN -> checked.unknown().forEach(write::warn);
            case STRICT -> throw strict(write, FieldCheck.strict(checked.unknown()));
        }
    }

    private static StatusException strict(Write write, String detail) {
        if (write.origin() == Write.Origin.PATCH) {
            return StatusException.invalid(
                    NOTHING, "", List.of(new Cause("FieldValueInvalid", "Invalid value: " + detail, "patch")));
        }
        return cannotBeHandled(write, detail);
    }

    private static StatusException cannotBeHandled(Write write, String detail) {
        Resource resource = write.resource();
        return FieldCheck.cannotBeHandled(resource.apiVersion(), resource.kind(), resource.kind(), detail);
    }
}
