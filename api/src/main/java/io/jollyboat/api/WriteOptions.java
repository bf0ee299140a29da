package io.jollyboat.api;

import java.util.function.Consumer;

/**
 * How to write.
 *
 * @param fieldManager who writes, for managedFields; "" for the default
 * @param dryRun everything but the write happens
 * @param force server-side apply takes fields over from other managers
 * @param warnings is told each warning for the client
 */
public record WriteOptions(
        String fieldManager, FieldValidation validation, boolean dryRun, boolean force, Consumer<String> warnings) {
    /** What becomes of unknown and duplicate fields. */
    public enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    /** A plain write by a component of the cluster. */
    public static WriteOptions by(String fieldManager) {
        return new WriteOptions(fieldManager, FieldValidation.IGNORE, false, false, warning -> {});
    }
}
