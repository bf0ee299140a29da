package io.jollyboat.network.proxy;

import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.network.LiveTable;
import io.jollyboat.network.ServiceTable;
import io.jollyboat.network.TableListener;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Makes a node's kernel serve the Services of a table.
 *
 * <p>At start it takes over what is there: a sound table keeps its chains and gets only the elements that differ, so
 * connections and affinities go on. Then each change of the table becomes one transaction of the elements that it
 * concerns. Now and then it looks whether somebody else changed rules, and mends what they broke. When it ends, the
 * rules stay.
 */
public final class Proxy implements AutoCloseable {
    /** How often it looks for damage. */
    public static final Duration REPAIR = Duration.ofSeconds(5);

    /** Larger differences are made in several transactions; a Service's change is far below. */
    private static final int MOST_CHANGES = 200_000;

    private static final System.Logger LOG = System.getLogger(Proxy.class.getName());

    private enum Work {
        CHANGES,
        REPAIR
    }

    private final LiveTable table;
    private final Optional<HostPorts> hostPorts;
    private volatile ProxySettings settings; // of which only the zone changes
    private final Ruleset ruleset;
    private final Loop<Work> loop;
    private final HealthChecks healthChecks;
    private final TableListener listener = this::note;
    private final ReentrantLock lock = new ReentrantLock(); // guards changed and the two counts
    private final Condition shownMore = lock.newCondition();
    private Set<Key> changed = new HashSet<>();
    private long noted; // how often the table told of a change
    private long shown; // of these, what the kernel shows
    private Plan plan;
    private volatile boolean adopted;
    private volatile boolean moved;

    Proxy(
            World world,
            LiveTable table,
            Optional<HostPorts> hostPorts,
            ProxySettings settings,
            Ruleset ruleset,
            HealthChecks healthChecks) {
        this.table = table;
        this.hostPorts = hostPorts;
        this.settings = settings;
        this.ruleset = ruleset;
        this.healthChecks = healthChecks;
        this.plan = new Plan(settings);
        this.loop = new Loop<>(world, "proxy of " + settings.node(), this::handle);
        table.onChange(listener);
        hostPorts.ifPresent(ports -> ports.onChange(pod -> note(table.current(), Set.of(pod))));
        loop.add(Work.CHANGES);
        loop.add(Work.REPAIR);
    }

    /**
     * Starts to serve in a task of its own. The table must be complete ({@code ServiceMirror.awaitSynced}), or Services
     * that it does not show yet lose their rules.
     *
     * @param hostPorts of the node's Pods, complete too; empty where nobody serves them
     * @param namespace the node's
     */
    public static Proxy start(
            World world,
            LiveTable table,
            Optional<HostPorts> hostPorts,
            ProxySettings settings,
            NetworkNamespace namespace) {
        Proxy proxy = new Proxy(
                world,
                table,
                hostPorts,
                settings,
                new NftRuleset(settings, namespace),
                new HealthChecks(world, settings, namespace));
        world.start("proxy of " + settings.node(), () -> {
            proxy.loop.run();
            proxy.healthChecks.close();
            proxy.ruleset.close();
        });
        return proxy;
    }

    /** The whole rules of a node as a script for {@code nft -f}: what the kernel should hold, for people to read. */
    public static String script(ServiceTable table, ProxySettings settings) {
        return Skeleton.script(settings, Plan.of(settings, Plan.Rows.of(table)).elements());
    }

    /** Whether the kernel shows all that the table has told so far. */
    public boolean isCurrent() {
        lock.lock();
        try {
            return adopted && changed.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the kernel shows all that the table has told when this is called.
     *
     * @return false where it did not within the limit
     */
    public boolean awaitShown(Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long wanted = noted;
            long left = limit.toNanos();
            while (shown < wanted && left > 0) {
                left = shownMore.awaitNanos(left);
            }
            return shown >= wanted;
        } finally {
            lock.unlock();
        }
    }

    /** The node is now in that zone ({@link NodeZone}): what is near is chosen anew. */
    public void moveTo(String zone) {
        lock.lock();
        try {
            if (zone.equals(settings.zone())) {
                return;
            }
            settings = settings.withZone(zone);
            moved = true;
        } finally {
            lock.unlock();
        }
        loop.add(Work.CHANGES);
    }

    /** Does what is due, for tests; false when there was nothing. */
    boolean poll() throws InterruptedException {
        return loop.poll();
    }

    @Override
    public void close() {
        table.remove(listener);
        loop.close();
    }

    private void note(ServiceTable current, Set<Key> services) {
        lock.lock();
        try {
            changed.addAll(services);
            noted++;
        } finally {
            lock.unlock();
        }
        loop.add(Work.CHANGES);
    }

    private void handle(Work work) {
        switch (work) {
            case CHANGES -> follow();
            case REPAIR -> {
                repair();
                loop.addAfter(Work.REPAIR, REPAIR);
            }
        }
    }

    private void follow() {
        if (!adopted || moved) {
            moved = false;
            adopt();
            return;
        }
        long told = told();
        Set<Key> services = taken(); // and not adopted until the change is known to be in the kernel
        ServiceTable now = table.current();
        Delta delta = plan.change(rows(now), services);
        if (!delta.isEmpty()) {
            inParts(delta);
            adopted = true;
            ruleset.forget(delta);
        }
        adopted = true;
        show(told);
        services.forEach(service -> healthChecks.follow(service, now.get(service)));
    }

    /** Looks for damage now; what failed half-way, such as an earlier repair, counts as damage. */
    void repair() {
        if (!adopted || ruleset.changedByOthers()) {
            adopt();
        }
    }

    /** Brings the kernel to what the table says, whatever is there. */
    private void adopt() {
        long told = told();
        taken();
        ServiceTable now = table.current();
        plan = Plan.of(settings, rows(now));
        List<Element> wanted = plan.elements();
        Ruleset.Health health = ruleset.health();
        switch (health) {
            case ABSENT -> {
                ruleset.load(List.of());
                inParts(Delta.between(List.of(), wanted));
            }
            case DAMAGED -> ruleset.load(wanted);
            case SOUND -> takeOver(wanted);
        }
        adopted = true;
        show(told);
        healthChecks.followAll(now);
        if (health != Ruleset.Health.SOUND) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: service rules were {1}; loaded {2} elements",
                    settings.node(),
                    health,
                    wanted.size());
        }
    }

    private Plan.Rows rows(ServiceTable services) {
        Plan.Rows table = Plan.Rows.of(services);
        if (hostPorts.isEmpty()) {
            return table;
        }
        HostPorts pods = hostPorts.get();
        return new Plan.Rows() {
            @Override
            public Optional<Row> get(Key key) {
                return key.name().startsWith(HostPod.MARK) ? pods.get(key) : table.get(key);
            }

            @Override
            public void each(Consumer<Row> consumer) {
                table.each(consumer);
                pods.each(consumer);
            }
        };
    }

    private void takeOver(List<Element> wanted) {
        Delta delta = Delta.adopting(ruleset.read(), wanted);
        inParts(delta);
        if (!delta.isEmpty()) {
            ruleset.forget(delta);
        }
    }

    private void inParts(Delta delta) {
        if (delta.size() <= MOST_CHANGES) {
            if (!delta.isEmpty()) {
                ruleset.apply(delta);
            }
            return;
        }
        for (Delta part : delta.parts(MOST_CHANGES)) {
            ruleset.apply(part);
        }
    }

    private long told() {
        lock.lock();
        try {
            return noted;
        } finally {
            lock.unlock();
        }
    }

    private void show(long told) {
        lock.lock();
        try {
            shown = told;
            shownMore.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Set<Key> taken() {
        lock.lock();
        try {
            Set<Key> services = changed;
            changed = new HashSet<>();
            adopted = false;
            return services;
        } finally {
            lock.unlock();
        }
    }
}
