package io.jollyboat.api;

import io.jollyboat.api.codec.Decoded;
import java.util.List;
import java.util.function.Consumer;

/**
 * How to write.
 *
 * @param fieldManager who writes, for managedFields; "" for the default
 * @param dryRun everything but the write happens
 * @param force server-side apply takes fields over from other managers
 * @param warnings is told each warning for the client
 * @param created is told when the write has made the object, which updates and applied intents may do as well
 * @param problems what strictness found in a patch as it was sent: fields that stand twice, and the like
 */
public record WriteOptions(
        String fieldManager,
        FieldValidation validation,
        boolean dryRun,
        boolean force,
        Consumer<String> warnings,
        Runnable created,
        List<String> problems) {
    public WriteOptions {
        problems = List.copyOf(problems);
    }

    /** For whom it is the same whether something was made or changed. */
    public WriteOptions(
            String fieldManager, FieldValidation validation, boolean dryRun, boolean force, Consumer<String> warnings) {
        this(fieldManager, validation, dryRun, force, warnings, () -> {}, List.of());
    }

    /** What becomes of unknown and duplicate fields. */
    public enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    /** Everything but the write happens. */
    public WriteOptions imagined() {
        return new WriteOptions(fieldManager, validation, true, force, warnings, created, problems);
    }

    public WriteOptions with(List<String> found) {
        return new WriteOptions(fieldManager, validation, dryRun, force, warnings, created, found);
    }

    /** Warns of each problem by itself; those of a YAML text come together, each on a line after the first. */
    public void warn(List<String> found) {
        for (String problem : found) {
            problem.lines()
                    .map(String::strip)
                    .filter(line -> !line.endsWith(Decoded.REPEATED))
                    .forEach(warnings);
        }
    }

    /** A plain write by a component of the cluster. */
    public static WriteOptions by(String fieldManager) {
        return new WriteOptions(fieldManager, FieldValidation.IGNORE, false, false, warning -> {});
    }
}
