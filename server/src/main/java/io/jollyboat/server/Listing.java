package io.jollyboat.server;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.store.CompactedException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/** Answers lists: whole or in pages, at the revision that the options ask for. */
final class Listing {
    /** How many entries are read at a time while a selector looks for its objects. */
    private static final int STRIDE = 500;

    private final Storage storage;
    private final PodPlaces places;
    private final Revisions revisions;

    Listing(Storage storage, PodPlaces places, Revisions revisions) {
        this.storage = storage;
        this.places = places;
        this.revisions = revisions;
    }

    /**
     * The objects of a kind that the options choose, in the order of namespace and name.
     *
     * <p>Source: Kubernetes API concepts, "Resource versions" and "Retrieving large results sets in chunks".
     *
     * @throws StatusException 400 and 422 for options that make no sense, 410 for a state that is forgotten, 504 for
     *     one that is not yet there
     */
    ObjectList list(Resource resource, String namespace, ListOptions options) {
        Selection selection = Selection.parse(resource, options.labelSelector(), options.fieldSelector());
        Continue from = start(options);
        try {
            return page(selection, namespace, Math.max(0, options.limit()), from);
        } catch (CompactedException e) {
            throw options.next().isEmpty() ? Revisions.tooOld(from.revision(), e.compacted()) : from.expired();
        }
    }

    private Continue start(ListOptions options) {
        boolean given = !options.resourceVersion().isEmpty();
        revisions.checkMatch(options);
        if (!options.next().isEmpty()) {
            if (given && !options.resourceVersion().equals("0")) {
                throw StatusException.badRequest("specifying resource version is not allowed when using continue");
            }
            return Continue.parse(options.next());
        }
        long asked = given ? asked(options.resourceVersion()) : 0;
        if (asked == 0) {
            return new Continue(0, "");
        }
        revisions.await(asked);
        boolean exact = options.resourceVersionMatch().equals("Exact")
                || options.resourceVersionMatch().isEmpty() && options.limit() > 0;
        return new Continue(exact ? asked : 0, "");
    }

    private ObjectList page(Selection selection, String namespace, long limit, Continue from) {
        if (from.revision() > storage.revision()) {
            throw from.expired(); // a token that was made up, or is of a store that had more
        }
        Resource resource = selection.resource();
        String prefix = selection.prefix(Conversions.stored(resource), namespace);
        boolean filtered = !selection.everything();
        boolean newest = from.revision() == 0 && from.start().isEmpty();
        boolean whole = limit == 0 || newest && !PodPlaces.node(selection).isEmpty();
        int stride = whole ? 0 : filtered ? STRIDE : (int) Math.min(limit, Integer.MAX_VALUE);
        long revision = Math.max(from.revision(), 0);
        String start = from.start();
        List<ObjectNode> chosen = new ArrayList<>();
        while (true) {
            Storage.Page page = newest && whole
                    ? places.newest(selection, prefix)
                    : storage.range(resource, prefix, start, stride, revision);
            revision = page.revision();
            for (int i = 0; i < page.objects().size(); i++) {
                ObjectNode object = page.objects().get(i);
                if (!filtered || selection.matches(object)) {
                    chosen.add(object);
                }
                Storage.yieldAfter(i + 1);
                boolean more = i + 1 < page.objects().size() || page.more() > 0;
                if (limit > 0 && chosen.size() == limit && more) {
                    String last = i + 1 == page.objects().size() ? page.last() : Continue.place(resource, object);
                    OptionalLong remaining = filtered ? OptionalLong.empty() : OptionalLong.of(page.more());
                    return new ObjectList(
                            resource,
                            chosen,
                            Long.toString(revision),
                            Continue.after(revision, last).text(),
                            remaining);
                }
            }
            if (page.more() == 0) {
                return new ObjectList(resource, chosen, Long.toString(revision), "", OptionalLong.empty());
            }
            start = Continue.after(revision, page.last()).start();
        }
    }

    private static long asked(String version) {
        try {
            return Revisions.parse(version);
        } catch (StatusException e) {
            throw StatusException.badRequest("invalid resource version: " + e.getMessage());
        }
    }
}
