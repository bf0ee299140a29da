package io.jollyboat.api.fields;

import io.jollyboat.api.schema.Type;
import java.time.Instant;
import java.util.Optional;

/**
 * Who changes an object, through which endpoint, and when.
 *
 * @param manager the name of the field manager
 * @param apiVersion that the object is written in
 * @param subresource "" for the object itself
 * @param now to the second is what is kept
 * @param type of the object; empty for what no schema knows
 * @param reset paths that this endpoint does not change, so that nobody gets to own them: {@code status} at the
 *     object itself, {@code spec} at its status
 */
public record Edit(
        String manager,
        String apiVersion,
        String subresource,
        Instant now,
        Optional<Type.Struct> type,
        FieldSet reset) {
    public static final String UNKNOWN_MANAGER = "unknown";

    public Edit {
        manager = manager.isEmpty() ? UNKNOWN_MANAGER : manager;
    }

    Shape shape() {
        return Shape.of(type);
    }

    Edit by(String other) {
        return new Edit(other, apiVersion, subresource, now, type, reset);
    }
}
