package io.jollyboat.server.validation;

import java.util.List;

/** What must be true of Events, which are one store under two groups. */
final class EventChecks {
    private static final int INSTANCE_LIMIT = 128;
    private static final int NOTE_LIMIT = 1024;

    private EventChecks() {}

    static void event(Place event) {
        String about = event.in("involvedObject", "namespace").text();
        String namespace = event.in("metadata", "namespace").text();
        if (about.isEmpty() && !namespace.equals("default") && !namespace.equals("kube-system")) {
            event.in("involvedObject", "namespace").quoting("").invalid("does not match event.namespace");
        } else if (!about.isEmpty() && !about.equals(namespace)) {
            event.in("involvedObject", "namespace").invalid("does not match event.namespace");
        }
        if (event.at("eventTime").isSet()) {
            told(event, "reportingComponent", "message");
        }
    }

    /** Events made in their own group say more of who saw what. */
    static void created(Place event) {
        event.at("eventTime").mustBeSet();
        told(event, "reportingController", "note");
        Place type = event.at("type");
        if (!List.of("Normal", "Warning").contains(type.text())) {
            type.quoting("").invalid("has invalid value: " + type.text());
        }
    }

    private static void told(Place event, String reporter, String note) {
        event.at(reporter).mustBeSet();
        Values.qualified(event.at(reporter));
        event.at("reportingInstance").mustBeSet();
        atMost(event.at("reportingInstance"), INSTANCE_LIMIT);
        event.at("action").mustBeSet();
        atMost(event.at("action"), INSTANCE_LIMIT);
        event.at("reason").mustBeSet();
        atMost(event.at("reason"), INSTANCE_LIMIT);
        atMost(event.at(note), NOTE_LIMIT);
    }

    private static void atMost(Place text, int limit) {
        if (text.text().length() > limit) {
            text.quoting("").invalid("can have at most " + limit + " characters");
        }
    }
}
