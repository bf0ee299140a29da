package io.jollyboat.server;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Ip;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.store.Changes;
import io.jollyboat.store.StoreException;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows each cluster IP as an IPAddress object that names its Service (KEP-1880). The Services alone say what is given
 * out; this follows what is stored of them, a moment later, and at its start makes good what a crash left undone.
 * IPAddresses that others made are left alone.
 */
final class AddressObjects {
    static final Resource KIND = Resources.kind("networking.k8s.io/v1", "IPAddress");
    private static final Resource SERVICE = Resources.kind("v1", "Service");
    private static final String MANAGED = "ipaddress.kubernetes.io/managed-by";
    private static final String MANAGER = "ipallocator.k8s.io";
    private static final String FAMILY = "ipaddress.kubernetes.io/ip-family";

    /** What we own of each object. */
    private static final JsonNode FIELDS = JsonMapper.shared().readTree("""
            {"f:metadata":{"f:labels":{".":{},"f:%s":{},"f:%s":{}}},
             "f:spec":{"f:parentRef":{".":{},"f:name":{},"f:namespace":{},"f:resource":{}}}}
            """.formatted(FAMILY, MANAGED));

    /** Objects written at once, so that they share the store's groups. */
    private static final int AT_ONCE = 32;
    /** How often one object is tried when others write it too. */
    private static final int ATTEMPTS = 5;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Logger LOG = System.getLogger(AddressObjects.class.getName());

    private final World world;
    private final Storage storage;
    private final Api api;

    /** One address, and a Service that has it, had it or should have it. */
    private record Holder(String address, Target service) {}

    private AddressObjects(World world, Storage storage, Api api) {
        this.world = world;
        this.storage = storage;
        this.api = api;
    }

    /** What is stored from now on is followed, and what was stored before is made good; returns at once. */
    static Followers start(World world, Storage storage, Api api) {
        AddressObjects objects = new AddressObjects(world, storage, api);
        Followers followers = new Followers(world, storage);
        objects.follow(followers, "cluster IPs", SERVICE, AddressObjects::ofService);
        objects.follow(followers, "IPAddresses", KIND, AddressObjects::ofObject);
        followers.start("all cluster IPs", objects::settleAll);
        return followers;
    }

    private void follow(
            Followers followers, String name, Resource resource, Function<ObjectNode, Set<Holder>> holders) {
        followers.follow(
                name,
                Keys.prefix(resource, ""),
                changes -> {
                    Set<Holder> touched = new HashSet<>();
                    changes.forEach(change -> touched.addAll(touched(change, holders)));
                    settle(touched);
                },
                this::settleAll);
    }

    /** What the change gave or took away. */
    private Set<Holder> touched(Changes.Change change, Function<ObjectNode, Set<Holder>> holders) {
        Set<Holder> before = change.previous().map(storage::decode).map(holders).orElse(Set.of());
        Set<Holder> after = change.entry().map(storage::decode).map(holders).orElse(Set.of());
        Set<Holder> touched = new HashSet<>(before);
        touched.addAll(after);
        touched.removeIf(holder -> before.contains(holder) && after.contains(holder));
        return touched;
    }

    private static Set<Holder> ofService(ObjectNode service) {
        Set<Holder> holders = new HashSet<>();
        if (ServiceShape.hasClusterIp(service)) {
            Target target = Target.of(SERVICE, Meta.namespace(service), Meta.name(service));
            for (JsonNode address : service.path("spec").path("clusterIPs")) {
                Ip.read(address.stringValue("")).ifPresent(ip -> holders.add(new Holder(ip.toString(), target)));
            }
        }
        return holders;
    }

    private static Set<Holder> ofObject(ObjectNode object) {
        JsonNode parent = object.path("spec").path("parentRef");
        Target service = Target.of(
                SERVICE,
                parent.path("namespace").stringValue(""),
                parent.path("name").stringValue(""));
        return isOurs(object) ? Set.of(new Holder(Meta.name(object), service)) : Set.of();
    }

    private static boolean isOurs(ObjectNode object) {
        return object.path("metadata")
                .path("labels")
                .path(MANAGED)
                .stringValue("")
                .equals(MANAGER);
    }

    private void settleAll() {
        try {
            Set<Holder> held = new HashSet<>();
            storage.all(SERVICE, "").forEach(service -> held.addAll(ofService(service)));
            Set<Holder> shown = new HashSet<>();
            storage.all(KIND, "").forEach(object -> shown.addAll(ofObject(object)));
            Set<Holder> differing = new HashSet<>(held);
            differing.addAll(shown);
            differing.removeIf(holder -> held.contains(holder) && shown.contains(holder));
            settle(differing);
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "IPAddresses: {0}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void settle(Collection<Holder> holders) throws InterruptedException {
        List<Task> running = new ArrayList<>();
        for (Holder holder : holders) {
            if (holders.size() == 1) {
                settle(holder);
                return;
            }
            running.add(world.start("IPAddress " + holder.address(), () -> settle(holder)));
            if (running.size() == AT_ONCE) {
                await(running);
            }
        }
        await(running);
    }

    private static void await(List<Task> running) throws InterruptedException {
        for (Task task : running) {
            task.join(PATIENCE);
        }
        running.clear();
    }

    /** Makes the object right, whoever writes it at the same time. */
    private void settle(Holder holder) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                settleOnce(holder);
                return;
            } catch (StatusException e) {
                boolean raced = e.is(Reason.ALREADY_EXISTS) || e.is(Reason.NOT_FOUND) || e.is(Reason.CONFLICT);
                if (!raced || attempt == ATTEMPTS) {
                    LOG.log(Level.WARNING, "{0}: IPAddress: {1}", holder.address(), e.getMessage());
                    return;
                }
            } catch (StoreException e) {
                LOG.log(Level.WARNING, "{0}: IPAddress: {1}", holder.address(), e.getMessage());
                return; // the next start makes it good
            }
        }
    }

    private void settleOnce(Holder holder) {
        boolean held = storage.get(holder.service())
                .filter(service -> ofService(service.object()).contains(holder))
                .isPresent();
        Target target = Target.of(KIND, "", holder.address());
        Optional<ObjectNode> present = storage.get(target).map(Storage.Found::object);
        boolean shown =
                present.filter(object -> ofObject(object).contains(holder)).isPresent();
        if (held == shown || held && present.filter(object -> !isOurs(object)).isPresent()) {
            return;
        }
        present.ifPresent(object -> api.delete(target, DeleteOptions.DEFAULT.withUid(Meta.uid(object))));
        if (held && storage.write(target, 0, object(holder)).isEmpty()) {
            throw StatusException.alreadyExists(target);
        }
    }

    /** The whole object: it is known to be right, and the steps of a request would take longer than the Service did. */
    private ObjectNode object(Holder holder) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", KIND.kind()).put("apiVersion", KIND.apiVersion());
        String now = Times.seconds(world.now());
        ObjectNode metadata = object.putObject("metadata")
                .put("name", holder.address())
                .put("uid", world.uuid().toString())
                .put("creationTimestamp", now);
        metadata.putArray("managedFields")
                .addObject()
                .put("manager", "kube-apiserver")
                .put("operation", "Update")
                .put("apiVersion", KIND.apiVersion())
                .put("time", now)
                .put("fieldsType", "FieldsV1")
                .set("fieldsV1", FIELDS);
        metadata.putObject("labels")
                .put(FAMILY, ServiceShape.family(Ip.parse(holder.address())))
                .put(MANAGED, MANAGER);
        object.putObject("spec")
                .putObject("parentRef")
                .put("resource", SERVICE.plural())
                .put("namespace", holder.service().namespace())
                .put("name", holder.service().name());
        return object;
    }
}
