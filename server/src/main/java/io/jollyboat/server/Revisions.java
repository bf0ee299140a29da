package io.jollyboat.server;

import io.jollyboat.api.GoText;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What clients say of resource versions: what it means, and what is refused. */
final class Revisions {
    /** How long a request waits for a state that this server has not seen yet. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final String MATCH = "resourceVersionMatch";
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
        String why = text.matches("[0-9]+") ? "value out of range" : "invalid syntax";
        return "strconv.ParseUint: parsing " + GoText.quoted(text) + ": " + why;
    }

    /** Refuses a resourceVersionMatch that does not go with the rest. */
    void checkMatch(ListOptions options) {
        String match = options.resourceVersionMatch();
        if (match.isEmpty()) {
            return;
        }
        List<Cause> wrong = new ArrayList<>();
        if (options.resourceVersion().isEmpty()) {
            wrong.add(forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided"));
        }
        if (!options.next().isEmpty()) {
            wrong.add(forbidden("resourceVersionMatch is forbidden when continue is provided"));
        }
        if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
            String message = "Unsupported value: %s: supported values: \"Exact\", \"NotOlderThan\", \"\"";
            wrong.add(new Cause("FieldValueNotSupported", message.formatted(GoText.quoted(match)), MATCH));
        }
        if (match.equals("Exact") && options.resourceVersion().equals("0")) {
            wrong.add(forbidden("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
        }
        if (!wrong.isEmpty()) {
            throw StatusException.invalid(LIST_OPTIONS, "", wrong);
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

    private static Cause forbidden(String detail) {
        return new Cause("FieldValueForbidden", "Forbidden: " + detail, MATCH);
    }
}
