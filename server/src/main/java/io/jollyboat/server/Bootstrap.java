package io.jollyboat.server;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.Trees;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.world.World;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The objects that every cluster has: {@code bootstrap.json}, with this server's addresses in the places that are
 * written in capitals.
 */
final class Bootstrap {
    private static final Logger LOG = System.getLogger(Bootstrap.class.getName());
    /** Who changes these is put right; all others are only made where they are missing. */
    private static final Set<String> KEPT_AS_THEY_ARE = Set.of("Endpoints", "EndpointSlice");
    /** Who takes one of these away is answered at once. */
    private static final Set<String> GUARDED = Set.of("Service", "Endpoints", "EndpointSlice");

    private final Api api;
    private final List<ObjectNode> wanted;

    Bootstrap(World world, Api api, Settings settings) {
        this.api = api;
        Map<String, JsonNode> places = places(world, settings);
        JsonNode template = JsonMapper.shared().readTree(Texts.whole("bootstrap.json"));
        this.wanted = template.values().stream()
                .map(object -> (ObjectNode) filled(object, places))
                .toList();
    }

    /** Makes what is missing and puts right where its Services lead. */
    synchronized void repair() {
        wanted.forEach(this::repair);
    }

    /** The keys of the Services and of where they lead, which nobody can do without even for seconds. */
    List<String> guarded() {
        return wanted.stream()
                .filter(object -> GUARDED.contains(Meta.kind(object)))
                .map(object -> Storage.key(target(object)))
                .toList();
    }

    private static Target target(ObjectNode object) {
        Resource resource = Resources.kind(Meta.apiVersion(object), Meta.kind(object));
        return Target.of(resource, Meta.namespace(object), Meta.name(object));
    }

    private void repair(ObjectNode object) {
        Target target = target(object);
        Resource resource = target.resource();
        WriteOptions options = WriteOptions.by("kube-apiserver");
        ObjectNode present;
        try {
            present = api.get(target);
            if (KEPT_AS_THEY_ARE.contains(resource.kind()) && !agrees(object, present)) {
                api.update(target, object, options);
                LOG.log(Level.INFO, "{0}: {1} put right", Meta.key(object), resource.kind());
            }
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
            present = api.create(resource, target.namespace(), object, options);
            LOG.log(Level.INFO, "{0}: {1} made", Meta.key(object), resource.kind());
        }
        if (object.has("status") && !present.path("status").has("conditions")) {
            ObjectNode told = present.deepCopy();
            told.set("status", object.path("status"));
            api.update(target.withSubresource("status"), told, options);
        }
    }

    private static boolean agrees(ObjectNode wanted, ObjectNode present) {
        return wanted.propertyNames().stream()
                .filter(field -> !field.equals("metadata"))
                .allMatch(field -> Trees.equal(wanted.path(field), present.path(field)));
    }

    private static Map<String, JsonNode> places(World world, Settings settings) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        ArrayNode addresses = json.arrayNode();
        ArrayNode endpoints = json.arrayNode();
        for (String address : settings.advertiseAddresses()) {
            addresses.addObject().put("ip", address);
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(address);
            endpoint.putObject("conditions").put("ready", true);
        }
        AddressRange range = AddressRange.parse(settings.serviceCidrs().getFirst());
        ArrayNode ranges = json.arrayNode();
        settings.serviceCidrs().forEach(ranges::add);
        return Map.of(
                "SERVICE_CIDRS",
                ranges,
                "FIRST_ADDRESS",
                json.stringNode(range.address(1)),
                "DNS_ADDRESS",
                json.stringNode(settings.dnsAddress()),
                "PORT",
                json.numberNode(settings.port()),
                "IP_OBJECTS",
                addresses,
                "READY_ENDPOINTS",
                endpoints,
                "TODAY",
                json.stringNode(Times.day(world.now())),
                "NOW",
                json.stringNode(Times.seconds(world.now())));
    }

    private static JsonNode filled(JsonNode node, Map<String, JsonNode> places) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode filled = JsonNodeFactory.instance.objectNode();
                object.forEachEntry((name, value) -> filled.set(name, filled(value, places)));
                yield filled;
            }
            case ArrayNode array -> {
                ArrayNode filled = JsonNodeFactory.instance.arrayNode();
                array.forEach(value -> filled.add(filled(value, places)));
                yield filled;
            }
            default -> node.isString() ? places.getOrDefault(node.stringValue(), node) : node;
        };
    }
}
