package io.jollyboat.controllers;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of {@code status.conditions}.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param updated lastUpdateTime; the epoch where the kind has none
 * @param changed lastTransitionTime
 */
record Condition(String type, String status, String reason, String message, Instant updated, Instant changed) {
    static final String TRUE = "True";
    static final String FALSE = "False";
    static final String UNKNOWN = "Unknown";

    static Condition now(String type, String status, String reason, String message, Instant now) {
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        return new Condition(type, status, reason, message, second, second);
    }

    /** The conditions of an object's status. */
    static List<Condition> all(JsonNode object) {
        List<Condition> found = new ArrayList<>();
        for (JsonNode entry : object.path("status").path("conditions")) {
            found.add(new Condition(
                    text(entry, "type"),
                    text(entry, "status"),
                    text(entry, "reason"),
                    text(entry, "message"),
                    time(text(entry, "lastUpdateTime")),
                    time(text(entry, "lastTransitionTime"))));
        }
        return List.copyOf(found);
    }

    static Optional<Condition> find(List<Condition> conditions, String type) {
        for (Condition condition : conditions) {
            if (condition.type.equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    /**
     * The list with a condition set: nothing changes where status and reason are as before, and the time of the last
     * transition stays where the status does.
     */
    static List<Condition> set(List<Condition> conditions, Condition wanted) {
        Optional<Condition> present = find(conditions, wanted.type);
        if (present.isEmpty()) {
            List<Condition> longer = new ArrayList<>(conditions);
            longer.add(wanted);
            return List.copyOf(longer);
        }
        Condition old = present.get();
        if (old.status.equals(wanted.status) && old.reason.equals(wanted.reason)) {
            return conditions;
        }
        return replace(conditions, old.status.equals(wanted.status) ? wanted.changedAt(old.changed) : wanted);
    }

    static List<Condition> replace(List<Condition> conditions, Condition wanted) {
        List<Condition> copy = new ArrayList<>(without(conditions, wanted.type));
        copy.add(wanted);
        return List.copyOf(copy);
    }

    static List<Condition> without(List<Condition> conditions, String type) {
        return conditions.stream().filter(entry -> !entry.type.equals(type)).toList();
    }

    Condition changedAt(Instant time) {
        return new Condition(type, status, reason, message, updated, time);
    }

    boolean is(String wanted) {
        return status.equals(wanted);
    }

    ObjectNode json() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("type", type).put("status", status);
        if (!updated.equals(Instant.EPOCH)) {
            node.put("lastUpdateTime", updated.toString());
        }
        node.put("lastTransitionTime", changed.toString());
        if (!reason.isEmpty()) {
            node.put("reason", reason);
        }
        if (!message.isEmpty()) {
            node.put("message", message);
        }
        return node;
    }

    /** Kinds whose conditions have no lastUpdateTime write them without. */
    Condition withoutUpdateTime() {
        return new Condition(type, status, reason, message, Instant.EPOCH, changed);
    }

    /** A timestamp of the API; the epoch where there is none. */
    static Instant time(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).stringValue("");
    }
}
