package io.jollyboat.network;

import io.jollyboat.client.Change;
import io.jollyboat.client.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The table of this moment, and who is told when it changes. */
public final class LiveTable {
    private final ReentrantLock lock = new ReentrantLock(); // guards changes of the table, and the listeners
    private final List<TableListener> listeners = new ArrayList<>();
    private volatile ServiceTable table = ServiceTable.EMPTY;

    public ServiceTable current() {
        return table;
    }

    /** The table of this moment, of which every listener has heard. */
    ServiceTable told() {
        lock.lock();
        try {
            return table;
        } finally {
            lock.unlock();
        }
    }

    /** Tells a listener each change from now on; all that is there already is told at once. */
    public void onChange(TableListener listener) {
        lock.lock();
        try {
            Set<Key> all = new HashSet<>();
            table.all().forEach(route -> all.add(route.key()));
            listener.changed(table, all);
            listeners.add(listener);
        } finally {
            lock.unlock();
        }
    }

    /** Tells a listener nothing more. */
    public void remove(TableListener listener) {
        lock.lock();
        try {
            listeners.remove(listener);
        } finally {
            lock.unlock();
        }
    }

    /** Takes in what became of a Service. */
    public void service(Change<Service> change) {
        lock.lock();
        try {
            table = switch (change) {
                case Change.Added<Service> added -> table.with(added.after());
                case Change.Modified<Service> modified -> table.with(modified.after());
                case Change.Removed<Service> removed -> table.without(removed.key());
            };
            tell(Set.of(change.key()));
        } finally {
            lock.unlock();
        }
    }

    /** Takes in what became of a slice. */
    public void slice(Change<EndpointSlice> change) {
        lock.lock();
        try {
            table = switch (change) {
                case Change.Added<EndpointSlice> added -> table.with(added.after());
                case Change.Modified<EndpointSlice> modified -> table.with(modified.after());
                case Change.Removed<EndpointSlice> removed -> table.withoutSlice(removed.key());
            };
            Set<Key> services = new HashSet<>();
            change.versions().forEach(slice -> services.add(slice.service()));
            tell(services);
        } finally {
            lock.unlock();
        }
    }

    /** Takes in a Service, new or changed: for tests and benchmarks that have no server. */
    public void put(Service service) {
        service(new Change.Added<>(service.key(), service));
    }

    /** Takes in a slice, new or changed, of the Service that it had before, if any. */
    public void put(EndpointSlice slice) {
        slice(new Change.Added<>(slice.key(), slice));
    }

    private void tell(Set<Key> services) {
        for (TableListener listener : listeners) {
            listener.changed(table, services);
        }
    }
}
