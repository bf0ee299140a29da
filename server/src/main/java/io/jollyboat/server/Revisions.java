package io.jollyboat.server;

import io.jollyboat.api.GoText;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;

/** What clients say of resource versions: what it means, and what is refused. */
final class Revisions {
    /** How long a request waits for a state that this server has not seen yet. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Resource LIST_OPTIONS = Resource.unserved("meta.k8s.io", "", "ListOptions");

    private final World world;
    private final Storage storage;

    Revisions(World world, Storage storage) {
        this.world = world;
        this.storage = storage;
    }

    /**
     * Reads a resourceVersion.
     *
     * @throws StatusException 500, as Kubernetes does, for what is no number
     */
    static long parse(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw StatusException.of(
                    Reason.UNKNOWN, "resourceVersion: Invalid value: \"%s\": %s".formatted(text, notParsed(text)));
        }
    }

    /** What Go says of a text that is no number. */
    static String notParsed(String text) {
        return "strconv.ParseUint: parsing " + GoText.quoted(text) + ": invalid syntax";
    }

    /** Refuses a resourceVersionMatch that does not go with the rest. */
    void checkMatch(ListOptions options) {
        String match = options.resourceVersionMatch();
        if (match.isEmpty()) {
            return;
        }
        if (!options.next().isEmpty()) {
            throw invalid(
                    "FieldValueForbidden", "Forbidden: resourceVersionMatch is forbidden when continue is provided");
        }
        if (options.resourceVersion().isEmpty()) {
            throw invalid(
                    "FieldValueForbidden",
                    "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
            throw invalid(
                    "FieldValueNotSupported",
                    "Unsupported value: \"%s\": supported values: \"Exact\", \"NotOlderThan\"".formatted(match));
        }
        if (match.equals("Exact") && options.resourceVersion().equals("0")) {
            throw invalid(
                    "FieldValueForbidden",
                    "Forbidden: resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
        }
    }

    /**
     * Waits until the store has come to a revision, for a short while.
     *
     * @throws StatusException 504 when it does not
     */
    void await(long revision) {
        long deadline = world.nanoTime() + PATIENCE.toNanos();
        while (Long.compareUnsigned(storage.revision(), revision) < 0) {
            if (world.nanoTime() - deadline >= 0) {
                throw tooLarge(revision, storage.revision());
            }
            try {
                world.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw tooLarge(revision, storage.revision());
            }
        }
    }

    /** 410: the state is no longer known. */
    static StatusException tooOld(long asked, long oldest) {
        return StatusException.of(Reason.EXPIRED, "too old resource version: %d (%d)".formatted(asked, oldest));
    }

    private static StatusException tooLarge(long asked, long present) {
        String message =
                "Timeout: Too large resource version: %s, current: %d".formatted(Long.toUnsignedString(asked), present);
        var cause = new Cause("ResourceVersionTooLarge", "Too large resource version", "");
        return new StatusException(
                new StatusException.Failure(Reason.TIMEOUT, message, "", "", "", "", List.of(cause), 1));
    }

    private static StatusException invalid(String reason, String message) {
        return StatusException.invalid(LIST_OPTIONS, "", List.of(new Cause(reason, message, "resourceVersionMatch")));
    }
}
