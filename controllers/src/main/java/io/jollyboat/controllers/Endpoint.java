package io.jollyboat.controllers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of an EndpointSlice.
 *
 * @param addresses of one family; consumers use the first
 * @param state its conditions
 * @param about {@code targetRef}, field by field; empty for none
 * @param zones the zones, and {@code nodes} the nodes, whose traffic it is meant for; empty for no hint
 */
record Endpoint(
        List<String> addresses,
        State state,
        String hostname,
        String nodeName,
        String zone,
        Map<String, String> about,
        List<String> zones,
        List<String> nodes) {

    /** A condition that may be left unsaid. */
    enum Answer {
        YES,
        NO,
        UNSAID;

        static Answer of(boolean yes) {
            return yes ? YES : NO;
        }

        static Answer of(JsonNode node) {
            return node.isBoolean() ? of(node.booleanValue()) : UNSAID;
        }
    }

    record State(Answer ready, Answer serving, Answer terminating) {
        private static State of(JsonNode conditions) {
            return new State(
                    Answer.of(conditions.path("ready")),
                    Answer.of(conditions.path("serving")),
                    Answer.of(conditions.path("terminating")));
        }

        private ObjectNode json() {
            ObjectNode node = Merge.object();
            put(node, "ready", ready);
            put(node, "serving", serving);
            put(node, "terminating", terminating);
            return node;
        }

        private static void put(ObjectNode node, String field, Answer answer) {
            if (answer != Answer.UNSAID) {
                node.put(field, answer == Answer.YES);
            }
        }
    }

    /** Who it is, whatever its conditions: by this it is found again in the slices that exist. */
    record Identity(List<String> addresses, String uid) {}

    Endpoint {
        addresses = List.copyOf(addresses);
        about = Map.copyOf(about);
        zones = List.copyOf(zones);
        nodes = List.copyOf(nodes);
    }

    /** The same, meant for the traffic of a zone, or with "" for nobody's in particular. */
    Endpoint forZone(String wanted) {
        List<String> hint = wanted.isEmpty() ? List.of() : List.of(wanted);
        return new Endpoint(addresses, state, hostname, nodeName, zone, about, hint, List.of());
    }

    Identity identity() {
        return new Identity(addresses, about.getOrDefault("uid", ""));
    }

    static List<Endpoint> all(JsonNode endpoints) {
        List<Endpoint> found = new ArrayList<>(endpoints.size());
        endpoints.forEach(entry -> found.add(of(entry)));
        return List.copyOf(found);
    }

    private static Endpoint of(JsonNode entry) {
        List<String> addresses = new ArrayList<>();
        entry.path("addresses").forEach(address -> addresses.add(address.stringValue("")));
        JsonNode hints = entry.path("hints");
        return new Endpoint(
                addresses,
                State.of(entry.path("conditions")),
                entry.path("hostname").stringValue(""),
                entry.path("nodeName").stringValue(""),
                entry.path("zone").stringValue(""),
                reference(entry.path("targetRef")),
                names(hints.path("forZones")),
                names(hints.path("forNodes")));
    }

    /** All fields of an ObjectReference are texts. */
    static Map<String, String> reference(JsonNode reference) {
        Map<String, String> fields = new LinkedHashMap<>();
        reference.forEachEntry((name, value) -> fields.put(name, value.stringValue("")));
        return fields;
    }

    static Map<String, String> reference(Pod pod) {
        return Map.of(
                "kind", "Pod",
                "namespace", pod.metadata().key().namespace(),
                "name", pod.metadata().key().name(),
                "uid", pod.metadata().uid());
    }

    ObjectNode json() {
        ObjectNode node = Merge.object();
        addresses.forEach(node.putArray("addresses")::add);
        node.set("conditions", state.json());
        text(node, "hostname", hostname);
        text(node, "nodeName", nodeName);
        text(node, "zone", zone);
        if (!about.isEmpty()) {
            about.forEach(node.putObject("targetRef")::put);
        }
        if (!zones.isEmpty() || !nodes.isEmpty()) {
            ObjectNode hints = node.putObject("hints");
            names(hints, "forZones", zones);
            names(hints, "forNodes", nodes);
        }
        return node;
    }

    static void text(ObjectNode node, String field, String text) {
        if (!text.isEmpty()) {
            node.put(field, text);
        }
    }

    private static List<String> names(JsonNode entries) {
        List<String> found = new ArrayList<>();
        entries.forEach(entry -> found.add(entry.path("name").stringValue("")));
        return found;
    }

    private static void names(ObjectNode hints, String field, List<String> names) {
        if (!names.isEmpty()) {
            ArrayNode array = hints.putArray(field);
            names.forEach(name -> array.addObject().put("name", name));
        }
    }
}
