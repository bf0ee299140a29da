package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchOptions;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** What the Pods of a node lead to: the objects that the node must read for them. */
final class NodeGraph {
    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final Resource CLAIMS = Resources.kind("v1", "PersistentVolumeClaim");
    private static final Resource VOLUMES = Resources.kind("v1", "PersistentVolume");
    /** Changes that are taken in for one question; more are left to the next. */
    private static final int MOST_CHANGES = 100_000;

    private static final Logger LOG = System.getLogger(NodeGraph.class.getName());

    private final Api api;
    private final PodUses uses = new PodUses(); // guarded by this
    private @Nullable Watch watch; // of what is in there; guarded by this

    /** @param api with the right to read all Pods, claims and volumes */
    NodeGraph(Api api) {
        this.api = api;
    }

    /** The Pod of that name, where it is bound to the node. */
    Optional<ObjectNode> pod(String node, String namespace, String name) {
        return find(Target.of(PODS, namespace, name))
                .filter(pod -> pod.path("spec").path("nodeName").asString("").equals(node));
    }

    /**
     * Whether some Pod of the node in that namespace uses the object. What is remembered is asked first; only who would be
     * refused has the Pods themselves looked at, so that nobody is refused for what is not remembered yet.
     */
    boolean uses(String node, String plural, String namespace, String name) {
        PodUses.Use use = new PodUses.Use(node, plural, namespace, name);
        return remembered(use) || listed(use);
    }

    /** The same from the namespace's Pods. */
    boolean listed(PodUses.Use use) {
        return pods(use.node(), use.namespace()).stream()
                .anyMatch(pod -> PodUses.of(pod).contains(use));
    }

    /** Takes in what has changed since the last question: nothing runs between them. */
    synchronized boolean remembered(PodUses.Use use) {
        try {
            if (watch == null || !follow(watch)) {
                follow(begin());
            }
            return uses.has(use);
        } catch (StatusException e) {
            LOG.log(Level.WARNING, "what nodes need: {0}", e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** False when the changes have come to an end, because nobody asked for too long. */
    private boolean follow(Watch open) throws InterruptedException {
        try {
            for (int i = 0; i < MOST_CHANGES; i++) {
                Optional<WatchEvent> event = open.next(Duration.ZERO);
                if (event.isEmpty()) {
                    return !open.ended();
                }
                uses.take(event.get());
            }
            return true;
        } catch (StatusException e) {
            if (e.is(StatusException.Reason.EXPIRED)) {
                return false;
            }
            throw e;
        }
    }

    private Watch begin() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
        ObjectList all = api.list(PODS, "", ListOptions.ALL);
        uses.set(all.items());
        Watch open = api.watch(PODS, "", WatchOptions.from(all.resourceVersion()));
        watch = open;
        return open;
    }

    /** Whether a volume stands behind a claim that some Pod of the node uses. */
    boolean usesVolume(String node, String name) {
        return find(Target.of(VOLUMES, "", name))
                .map(volume -> volume.path("spec").path("claimRef"))
                .filter(claim -> uses(
                        node,
                        CLAIMS.plural(),
                        claim.path("namespace").asString(""),
                        claim.path("name").asString("")))
                .isPresent();
    }

    private List<ObjectNode> pods(String node, String namespace) {
        return api.list(PODS, namespace, new ListOptions("", "spec.nodeName=" + node, "", "", 0, ""))
                .items();
    }

    private Optional<ObjectNode> find(Target target) {
        try {
            return Optional.of(api.get(target));
        } catch (StatusException e) {
            if (e.is(StatusException.Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
