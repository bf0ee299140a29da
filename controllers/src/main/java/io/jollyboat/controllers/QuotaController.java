package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Quantity;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.quota.Quota;
import io.jollyboat.api.quota.Tally;
import io.jollyboat.api.quota.Usage;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Index;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the status of ResourceQuotas: what each limits and how much of it is taken. What the objects of each Namespace
 * take is kept as sums that the changes of the mirrors move, so nothing is ever counted anew; where a sum has moved the
 * quotas of the Namespace are compared with it, and all are once in five minutes.
 */
final class QuotaController implements Controller {
    private static final Resource QUOTA = Resources.kind("v1", "ResourceQuota");
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private static final Index<Limits> BY_NAMESPACE = new Index<>("namespace", limits -> List.of(limits.namespace()));

    private final Api api;
    private final Mirror<Limits> quotas;
    private final List<Mirror<? extends Mirrored>> contents;
    private final Loop<Key> loop; // of namespaces
    private final ReentrantLock lock = new ReentrantLock(); // guards the tallies
    private final Map<String, Tally> tallies = new HashMap<>(); // by namespace

    /** What a quota says; its status is our own word. */
    private record Limits(String namespace, JsonNode spec) {
        static Limits of(ObjectNode object) {
            return new Limits(Meta.namespace(object), object.path("spec"));
        }
    }

    QuotaController(Api api, World world, Collection<Mirror<? extends Mirrored>> kinds) {
        this.api = api;
        this.contents =
                kinds.stream().filter(mirror -> mirror.resource().namespaced()).toList();
        this.loop = new Loop<>(world, "resourcequota-controller", this::handle);
        this.quotas = new Mirror<>(api, world, Mirror.Source.all(QUOTA), Limits::of, List.of(BY_NAMESPACE));
        quotas.onChange(change -> loop.add(Key.clusterScoped(change.key().namespace())));
        contents.forEach(this::listen);
    }

    @Override
    public List<Mirror<?>> reads() {
        List<Mirror<?>> all = new ArrayList<>(contents);
        all.add(quotas);
        return all;
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private <T extends Mirrored> void listen(Mirror<T> mirror) {
        Usage usual = Usage.of(mirror.resource(), Merge.object());
        mirror.onChange(change -> {
            Optional<Usage> before =
                    change.previous().map(object -> object.taken().orElse(usual));
            Optional<Usage> after =
                    change.present().map(object -> object.taken().orElse(usual));
            if (!before.equals(after)) {
                String namespace = change.key().namespace();
                move(namespace, before, after);
                if (!quotas.snapshot().in(BY_NAMESPACE, namespace).isEmpty()) {
                    loop.add(Key.clusterScoped(namespace));
                }
            }
        });
    }

    private void move(String namespace, Optional<Usage> before, Optional<Usage> after) {
        lock.lock();
        try {
            Tally tally = tallies.computeIfAbsent(namespace, each -> new Tally());
            before.ifPresent(tally::remove);
            after.ifPresent(tally::add);
            if (tally.isEmpty()) {
                tallies.remove(namespace);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Usage> sums(String namespace) {
        lock.lock();
        try {
            return tallies.getOrDefault(namespace, new Tally()).sums();
        } finally {
            lock.unlock();
        }
    }

    private void handle(Key namespace) {
        List<ObjectNode> objects =
                api.list(QUOTA, namespace.name(), ListOptions.ALL).items();
        List<Usage> sums = sums(namespace.name());
        for (ObjectNode object : objects) {
            Quota quota = Quota.of(object);
            write(namespace.name(), object, quota, quota.used(sums));
        }
        if (!objects.isEmpty()) {
            loop.addAfter(namespace, AGAIN);
        }
    }

    private void write(String namespace, ObjectNode object, Quota quota, Map<String, Quantity> used) {
        ObjectNode status = Merge.object();
        put(status.putObject("hard"), quota.hard());
        put(status.putObject("used"), used);
        if (status.equals(object.path("status"))) {
            return;
        }
        ObjectNode changed = object.deepCopy();
        changed.set("status", status);
        try {
            api.update(
                    Target.of(QUOTA, namespace, quota.name()).withSubresource("status"),
                    changed,
                    WriteOptions.by(Controllers.FIELD_MANAGER));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e; // and it is tried again
            }
        }
    }

    private static void put(ObjectNode to, Map<String, Quantity> amounts) {
        new TreeMap<>(amounts).forEach((name, amount) -> to.put(name, amount.toString()));
    }
}
