package io.jollyboat.server;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Deletes objects, at once or by marking them. */
final class Deletion {
    private static final Set<String> PROTECTED_NAMESPACES = Set.of("default", "kube-system", "kube-public");
    /** How often a deletion is tried again when others write at the same time. */
    private static final int ATTEMPTS = 32;

    private final World world;
    private final Storage storage;
    private final Listing listing;
    private final Aftermath aftermath;

    Deletion(World world, Storage storage, Listing listing, Aftermath aftermath) {
        this.world = world;
        this.storage = storage;
        this.listing = listing;
        this.aftermath = aftermath;
    }

    /**
     * Deletes one object.
     *
     * @return the object where it stays or where its kind answers so, else a Status of success
     * @throws StatusException 404, 409 for preconditions that do not hold, 403 for a protected namespace
     */
    ObjectNode delete(Target target, DeleteOptions options) {
        refuseProtected(target);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Storage.Found found = storage.get(target).orElseThrow(() -> StatusException.notFound(target));
            ObjectNode object = found.object();
            checkPreconditions(target, object, options);
            Verdict verdict = Verdict.of(target.resource(), object, options, world.now());
            Optional<ObjectNode> answer = options.dryRun()
                    ? Optional.of(imagined(target, object, verdict))
                    : carryOut(target, found, verdict);
            if (answer.isPresent()) {
                return answer.get();
            }
        }
        throw StatusException.conflict(target, Updating.MODIFIED);
    }

    /** Empty when another write came first. */
    private Optional<ObjectNode> carryOut(Target target, Storage.Found found, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Unchanged() -> Optional.of(found.object());
            case Verdict.Marked(ObjectNode after) -> storage.write(target, found.revision(), after);
            case Verdict.Gone() ->
                storage.delete(target, found.revision()).map(revision -> {
                    aftermath.deleted(target, found.object());
                    return gone(target, found.object());
                });
        };
    }

    private static ObjectNode imagined(Target target, ObjectNode object, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Unchanged() -> object;
            case Verdict.Marked(ObjectNode after) -> after;
            case Verdict.Gone() -> gone(target, object);
        };
    }

    private static ObjectNode gone(Target target, ObjectNode object) {
        Resource resource = target.resource();
        if (Traits.has(resource, Trait.ANSWERS_OBJECT)) {
            return object;
        }
        ObjectNode status = Statuses.success();
        ObjectNode details = status.putObject("details");
        details.put("name", target.name());
        if (!resource.group().isEmpty()) {
            details.put("group", resource.group());
        }
        details.put("kind", resource.plural()).put("uid", Meta.uid(object));
        return status;
    }

    /**
     * Deletes all objects that are chosen, each by the usual rules.
     *
     * @return what was chosen
     */
    ObjectList deleteAll(Resource resource, String namespace, ListOptions which, DeleteOptions options) {
        ObjectList chosen = listing.list(resource, namespace, which);
        List<ObjectNode> deleted = new ArrayList<>();
        for (ObjectNode object : chosen.items()) {
            try {
                delete(Target.of(resource, Meta.namespace(object), Meta.name(object)), options);
                deleted.add(object);
            } catch (StatusException e) {
                if (!e.is(Reason.NOT_FOUND)) {
                    throw e;
                }
            }
        }
        return new ObjectList(resource, deleted, chosen.resourceVersion(), "", chosen.remaining());
    }

    private static void refuseProtected(Target target) {
        if (target.resource().qualifiedPlural().equals("namespaces") && PROTECTED_NAMESPACES.contains(target.name())) {
            throw StatusException.forbidden(target, "this namespace may not be deleted");
        }
    }

    private static void checkPreconditions(Target target, ObjectNode object, DeleteOptions options) {
        if (!options.uid().isEmpty() && !options.uid().equals(Meta.uid(object))) {
            String detail = "the UID in the precondition (%s) does not match the UID in record (%s)."
                    + " The object might have been deleted and then recreated";
            throw unlike(target, detail.formatted(options.uid(), Meta.uid(object)));
        }
        String version = Meta.resourceVersion(object);
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
            String detail =
                    "the ResourceVersion in the precondition (%s) does not match the ResourceVersion in record (%s)."
                            + " The object might have been modified";
            throw unlike(target, detail.formatted(options.resourceVersion(), version));
        }
    }

    /** A conflict that names the kind where others name the plural, as Kubernetes does here. */
    private static StatusException unlike(Target target, String detail) {
        Resource resource = target.resource();
        Resource kind = new Resource(
                resource.group(),
                resource.version(),
                resource.kind(),
                resource.kind(),
                "",
                List.of(),
                false,
                Set.of(),
                List.of(),
                List.of());
        return StatusException.conflict(Target.of(kind, "", target.name()), detail);
    }
}
