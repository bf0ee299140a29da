package io.jollyboat.client;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** What the project's own client shows. */
record ApiWindow(Api api) implements Window {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Override
    public Page list(String labels, int limit, String next) throws IOException {
        ObjectList list =
                reached(() -> api.list(ApiContract.MAP, "default", new ListOptions(labels, "", "", "", limit, next)));
        return new Page(
                list.items().stream()
                        .map(item -> Journal.brief(item, Long.parseLong(Meta.resourceVersion(item))))
                        .toList(),
                Long.parseLong(list.resourceVersion()),
                list.next());
    }

    @Override
    public Events watch(String labels, long after) throws IOException {
        String from = after < 0 ? "" : Long.toString(after);
        Watch watch = reached(
                () -> api.watch(ApiContract.MAP, "default", new WatchOptions(labels, "", from, true, after < 0)));
        return new Events() {
            @Override
            public Optional<Seen> next() {
                try {
                    Optional<WatchEvent> event = Optional.empty();
                    while (event.isEmpty() && !watch.ended()) {
                        event = watch.next(PATIENCE);
                    }
                    return event.map(one -> seen(one.type().name(), one.object()));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }

            @Override
            public void close() {
                watch.close();
            }
        };
    }

    /** Of an object in whatever form, for all have metadata. */
    static Seen seen(String type, tools.jackson.databind.node.ObjectNode object) {
        long revision = Long.parseLong(Meta.resourceVersion(object));
        boolean end = Meta.annotation(object, "k8s.io/initial-events-end").isPresent();
        return new Seen(type, Journal.brief(object, revision), revision, end);
    }

    private static <T> T reached(Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (StatusException e) {
            if (e.is(Reason.SERVICE_UNAVAILABLE)) {
                throw new IOException(e.getMessage(), e);
            }
            throw e;
        }
    }
}
