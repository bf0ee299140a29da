package io.jollyboat.server;

import io.jollyboat.api.Meta;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Divides an object between those who write it: users what they want, controllers what is. A request to the object
 * itself leaves the status as it is; a request to {@code status} leaves all but the status, labels and annotations.
 */
final class Division implements Step {
    private static final String STATUS = "status";
    /** What a request to the status may change of the metadata. */
    private static final List<String> OPEN = List.of("labels", "annotations", "managedFields");

    @Override
    public void take(Write write) {
        if (!write.resource().has(STATUS)) {
            return;
        }
        ObjectNode after = write.after();
        if (write.before().isEmpty()) {
            if (!Traits.has(write.resource(), Trait.KEEPS_STATUS)) {
                after.remove(STATUS);
            }
        } else if (write.target().subresource().equals(STATUS)) {
            onlyStatus(write.before().get(), after);
        } else if (write.target().subresource().isEmpty()) {
            copy(write.before().get(), after, STATUS);
        }
    }

    private static void onlyStatus(ObjectNode before, ObjectNode after) {
        ObjectNode sent = Meta.writable(after).deepCopy();
        Optional<JsonNode> status = after.optional(STATUS);
        after.removeAll();
        before.deepCopy().forEachEntry(after::set);
        status.ifPresentOrElse(value -> after.set(STATUS, value), () -> after.remove(STATUS));
        ObjectNode metadata = Meta.writable(after);
        OPEN.forEach(field -> copy(sent, metadata, field));
    }

    private static void copy(ObjectNode from, ObjectNode to, String field) {
        from.optional(field).ifPresentOrElse(value -> to.set(field, value.deepCopy()), () -> to.remove(field));
    }
}
