package io.jollyboat.server;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.DeleteOptions.Propagation;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of an object that somebody wants to delete: a pure decision, which {@link Deletion} carries out. */
sealed interface Verdict {
    /** It goes at once. */
    record Gone() implements Verdict {}

    /** It stays for now, and says so. */
    record Marked(ObjectNode after) implements Verdict {}

    /** It is being deleted already, and nothing new was said. */
    record Unchanged() implements Verdict {}

    /** No grace is longer, whatever is asked for: its end must be a date that clients can read. */
    Duration LONGEST_GRACE = Duration.ofDays(36_500);

    String ORPHAN = "orphan";
    String FOREGROUND = "foregroundDeletion";

    /**
     * Decides by the object, the kind's traits and the request.
     *
     * <p>Source: Kubernetes API concepts, "Resource deletion"; the Pod lifecycle, "Termination of Pods".
     */
    static Verdict of(Resource resource, ObjectNode object, DeleteOptions options, Instant now) {
        if (Traits.has(resource, Trait.GRACEFUL)) {
            if (Meta.isBeingDeleted(object)) {
                return shortened(resource, object, options);
            }
            long grace = grace(object, options);
            if (grace > 0) {
                ObjectNode after = withFinalizers(resource, object, options);
                mark(after, now.plusSeconds(grace), grace);
                return new Marked(after);
            }
        }
        ObjectNode after = withFinalizers(resource, object, options);
        if (!Finality.isHeld(resource, after)) {
            return new Gone();
        }
        if (!Meta.isBeingDeleted(object)) {
            mark(after, now, 0);
        } else if (object.path("metadata").path("deletionGracePeriodSeconds").longValue(0) > 0) {
            Meta.writable(after).put("deletionGracePeriodSeconds", 0);
        }
        if (resource.qualifiedPlural().equals("namespaces")) {
            after.withObjectProperty("status").put("phase", "Terminating");
        }
        return Trees.equal(object, after) ? new Unchanged() : new Marked(after);
    }

    /** A second delete can only shorten what is left. */
    private static Verdict shortened(Resource resource, ObjectNode object, DeleteOptions options) {
        long present =
                object.path("metadata").path("deletionGracePeriodSeconds").longValue(0);
        long wanted = options.gracePeriodSeconds().map(Verdict::bounded).orElse(present);
        if (wanted >= present && present > 0) {
            return new Unchanged();
        }
        if (wanted == 0 && !Finality.isHeld(resource, object)) {
            return new Gone();
        }
        if (wanted >= present) {
            return new Unchanged();
        }
        ObjectNode after = object.deepCopy();
        Instant end = Meta.deletionTimestamp(object).orElseThrow().minus(Duration.ofSeconds(present - wanted));
        Meta.writable(after).put("deletionTimestamp", Times.seconds(end)).put("deletionGracePeriodSeconds", wanted);
        return new Marked(after);
    }

    private static void mark(ObjectNode after, Instant end, long grace) {
        ObjectNode metadata = Meta.writable(after);
        metadata.put("deletionTimestamp", Times.seconds(end));
        metadata.put("deletionGracePeriodSeconds", grace);
        if (Meta.generation(after) > 0) {
            metadata.put("generation", Meta.generation(after) + 1);
        }
    }

    private static long grace(ObjectNode pod, DeleteOptions options) {
        String phase = pod.path("status").path("phase").stringValue("");
        if (pod.path("spec").path("nodeName").stringValue("").isEmpty()
                || phase.equals("Succeeded")
                || phase.equals("Failed")) {
            return 0;
        }
        long own = pod.path("spec").path("terminationGracePeriodSeconds").longValue(0);
        return bounded(options.gracePeriodSeconds().orElse(own));
    }

    /** A negative period means one second; there is an end to it. */
    private static long bounded(long seconds) {
        return seconds < 0 ? 1 : Math.min(seconds, LONGEST_GRACE.toSeconds());
    }

    /** A copy with the finalizers that the propagation policy asks for. */
    private static ObjectNode withFinalizers(Resource resource, ObjectNode object, DeleteOptions options) {
        List<String> present = Meta.finalizers(object);
        List<String> wanted = new ArrayList<>(present);
        wanted.removeAll(List.of(ORPHAN, FOREGROUND));
        policy(resource, present, options).ifPresent(wanted::add);
        ObjectNode after = object.deepCopy();
        if (!wanted.equals(present)) {
            ObjectNode metadata = Meta.writable(after);
            metadata.remove("finalizers");
            if (!wanted.isEmpty()) {
                ArrayNode array = metadata.putArray("finalizers");
                wanted.forEach(array::add);
            }
        }
        return after;
    }

    /** The finalizer that the policy adds: the request's, else what the object holds, else the kind's default. */
    private static Optional<String> policy(Resource resource, List<String> present, DeleteOptions options) {
        if (options.propagation().isPresent()) {
            return switch (options.propagation().get()) {
                case Propagation.ORPHAN -> Optional.of(ORPHAN);
                case Propagation.FOREGROUND -> Optional.of(FOREGROUND);
                case Propagation.BACKGROUND -> Optional.empty();
            };
        }
        if (present.contains(ORPHAN)) {
            return Optional.of(ORPHAN);
        }
        if (present.contains(FOREGROUND)) {
            return Optional.of(FOREGROUND);
        }
        return Traits.has(resource, Trait.ORPHANS) ? Optional.of(ORPHAN) : Optional.empty();
    }
}
