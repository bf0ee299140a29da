package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.List;
import java.util.Set;

/**
 * What must be true of Events, which are one store under two groups: both are looked at as core events. Who writes them
 * in their own group must say more.
 *
 * <p>Source: the validation of events.
 */
final class EventChecks {
    private static final int TEXT_LIMIT = 128;
    private static final int NOTE_LIMIT = 1024;
    private static final Set<String> OF_THE_CLUSTER = Set.of("default", "kube-system");
    private static final String UNSET = "needs to be unset";

    private EventChecks() {}

    static void event(Place event) {
        check(event, "reportingComponent");
    }

    /** Of one in its own group. */
    static void newer(Place event) {
        check(event, "reportingController");
    }

    private static void check(Place event, String reporter) {
        Place about = event.in("involvedObject", "namespace").orEmpty();
        String namespace = event.in("metadata", "namespace").text();
        boolean timed = event.at("eventTime").isSet();
        boolean ofCluster = namespace.equals("default") || timed && OF_THE_CLUSTER.contains(namespace);
        boolean elsewhere = !timed && !about.text().equals(namespace);
        if (about.text().isEmpty() ? !ofCluster : elsewhere) {
            about.invalid("does not match event.namespace");
        }
        if (timed) {
            told(event, reporter);
        }
    }

    private static void told(Place event, String reporter) {
        Place who = event.at("reportingComponent").toldAs(reporter).orEmpty();
        who.mustBeSet();
        who.invalid(NameRules.qualified(who.text()));
        for (String field : List.of("reportingInstance", "action", "reason")) {
            event.at(field).mustBeSet();
            atMost(event.at(field), TEXT_LIMIT);
        }
        atMost(event.at("message"), NOTE_LIMIT);
    }

    private static void atMost(Place text, int limit) {
        if (text.text().length() > limit) {
            text.quoting("").invalid("can have at most " + limit + " characters");
        }
    }

    /** What the newer group asks of new ones: nothing that only the older one needs. */
    static void created(Place event) {
        series(event.at("series"));
        event.at("eventTime").mustBeSet();
        Place type = event.at("type");
        if (!List.of("Normal", "Warning").contains(type.text())) {
            type.quoting("").invalid("has invalid value: " + type.text());
        }
        for (String field : List.of("firstTimestamp", "lastTimestamp", "count", "source")) {
            Place old = event.at(field);
            if (field.equals("count") ? old.number() != 0 : old.isSet()) {
                old.quoting("").invalid(UNSET);
            }
        }
    }

    static void changed(Place event, Place stored) {
        if (!Likeness.same(event.at("series").node(), stored.at("series").node())) {
            series(event.at("series"));
        }
        Place reporter = event.at("reportingComponent").orEmpty();
        if (!reporter.text().equals(stored.text("reportingComponent"))) {
            reporter.toldAs("reportingController").invalid("field is immutable");
        }
    }

    private static void series(Place series) {
        if (!series.isThere()) {
            return;
        }
        Place count = series.at("count");
        if (count.number() < 2) {
            count.quoting("").invalid("should be at least 2");
        }
        series.at("lastObservedTime").mustBeSet();
    }
}
