package io.jollyboat.server.http;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Resource;
import io.jollyboat.server.User;
import io.jollyboat.server.http.wire.Query;
import java.util.Set;

/**
 * How many seats a request takes: one, and what reads many objects one for each hundred of them.
 *
 * <p>Source: KEP-1040, "Width of the request".
 */
final class Width {
    private static final int OBJECTS_TO_A_SEAT = 100;
    private static final int MOST = 10;
    private static final Set<String> MANY = Set.of("LIST", "DELETECOLLECTION");
    private static final ListOptions ONE = new ListOptions("", "", "", "", 1, "");
    private static final User SERVER = User.component("system:apiserver");

    private Width() {}

    static int of(Backend backend, Counted counted, ResourcePath path, Query query) {
        boolean many = MANY.contains(counted.verb())
                || counted.verb().equals("WATCH") && path.name().isEmpty() && beginsWithAll(query);
        if (!many || !path.resource().verbs().contains("list")) {
            return 1;
        }
        long limit = Options.number(query, "limit").filter(n -> n > 0).orElse(Long.MAX_VALUE);
        long objects =
                limit <= OBJECTS_TO_A_SEAT ? limit : Math.min(limit, count(backend, path.resource(), path.namespace()));
        return (int) Math.clamp(Math.ceilDiv(objects, OBJECTS_TO_A_SEAT), 1, MOST);
    }

    /** Whether a watch first tells of all objects that there are. */
    private static boolean beginsWithAll(Query query) {
        String version = query.first("resourceVersion");
        return query.flag("sendInitialEvents") || version.isEmpty() || version.equals("0");
    }

    /** How many objects are stored: a page of one tells how many follow it. */
    static long count(Backend backend, Resource resource, String namespace) {
        ObjectList page = backend.as(SERVER).list(resource, namespace, ONE);
        return page.items().size() + page.remaining().orElse(0);
    }
}
