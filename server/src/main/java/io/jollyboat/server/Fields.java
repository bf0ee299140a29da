package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.schema.FieldCheck;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.schema.Type;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes what the schema does not know out of an object, and says so or refuses it as the request wishes. What came of a
 * patch or of an intent {@link Patching} has read in the same way already.
 */
final class Fields implements Step {
    private final Schema schema;

    Fields(Schema schema) {
        this.schema = schema;
    }

    @Override
    public void take(Write write) {
        Optional<Type.Struct> type = schema.type(write.resource());
        if (type.isEmpty() || write.origin() != Write.Origin.BODY) {
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
            case STRICT -> throw cannotBeHandled(write, FieldCheck.strict(checked.unknown()));
        }
    }

    private static StatusException cannotBeHandled(Write write, String detail) {
        Resource resource = write.resource();
        return FieldCheck.cannotBeHandled(resource.apiVersion(), resource.kind(), resource.kind(), detail);
    }
}
