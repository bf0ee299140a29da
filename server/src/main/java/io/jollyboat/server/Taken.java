package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.quota.Tally;
import io.jollyboat.api.quota.Usage;
import io.jollyboat.store.Changes;
import io.jollyboat.store.CompactedException;
import io.jollyboat.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the objects of one kind in one namespace take together. They are counted once; then the store tells what became
 * of each, in order, and only where it has forgotten that they are counted anew. Whoever shares one guards it.
 */
final class Taken implements AutoCloseable {
    private final Storage storage;
    private final Resource resource;
    private final String prefix;
    private Tally tally = new Tally();
    private Optional<Changes> changes = Optional.empty();

    Taken(Storage storage, Resource resource, String namespace) {
        this.storage = storage;
        this.resource = resource;
        this.prefix = Keys.prefix(Conversions.stored(resource), namespace);
    }

    /** The sums ({@link Tally#sums}) of everything that had been written when this was called. */
    List<Usage> now() {
        try {
            if (changes.isEmpty() || !follow(changes.get())) {
                count();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            count();
        }
        return tally.sums();
    }

    /** Takes in what has changed; false when that is no longer known. */
    private boolean follow(Changes following) throws InterruptedException {
        List<Changes.Change> next = following.next(Duration.ZERO);
        while (!next.isEmpty()) {
            next.forEach(this::apply);
            next = following.next(Duration.ZERO);
        }
        return !following.ended();
    }

    private void apply(Changes.Change change) {
        change.previous().ifPresent(entry -> tally.remove(usage(entry)));
        change.entry().ifPresent(entry -> tally.add(usage(entry)));
    }

    private Usage usage(Store.Entry entry) {
        return Usage.of(resource, storage.decode(entry));
    }

    private void count() {
        close();
        Storage.Page page = storage.range(resource, prefix, "", 0, 0);
        tally = new Tally();
        page.objects().forEach(object -> tally.add(Usage.of(resource, object)));
        try {
            changes = Optional.of(storage.watch(prefix, page.revision()));
        } catch (CompactedException e) {
            changes = Optional.empty(); // so much was written meanwhile: this count holds now, the next is made anew
        }
    }

    @Override
    public void close() {
        changes.ifPresent(Changes::close);
        changes = Optional.empty();
    }
}
