package io.jollyboat.server.validation;

/** What must be true of core Events. */
final class EventChecks {
    private EventChecks() {}

    static void event(Place event) {
        String about = event.in("involvedObject", "namespace").text();
        String namespace = event.in("metadata", "namespace").text();
        if (about.isEmpty() && !namespace.equals("default") && !namespace.equals("kube-system")) {
            event.in("involvedObject", "namespace").quoting("").invalid("does not match event.namespace");
        } else if (!about.isEmpty() && !about.equals(namespace)) {
            event.in("involvedObject", "namespace").invalid("does not match event.namespace");
        }
    }
}
