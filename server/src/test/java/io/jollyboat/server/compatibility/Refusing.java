package io.jollyboat.server.compatibility;

import io.jollyboat.api.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** What is not there, and what is not offered. */
final class Refusing {
    private static final Map<String, String> OF_COLLECTIONS =
            Map.of("list", "GET", "create", "POST", "deletecollection", "DELETE");
    private static final Map<String, String> OF_OBJECTS =
            Map.of("get", "GET", "update", "PUT", "patch", "PATCH", "delete", "DELETE");

    private Refusing() {}

    static void missing(Trial trial) {
        isMissing(trial, trial.get());
        if (!trial.sample().isStored()) {
            return;
        }
        isMissing(
                trial, trial.patch(Patching.JSON, "", new tools.jackson.databind.json.JsonMapper().createArrayNode()));
        isMissing(trial, trial.patch(Patching.MERGE, "", Trial.label("2")));
        isMissing(trial, trial.patch(Patching.STRATEGIC, "", Trial.label("2")));
        isMissing(trial, trial.delete("", ""));
        ObjectNode object = trial.sample().object();
        if (trial.has("createOnUpdate")) {
            trial.put("", object).is(201).isSet("/metadata/uid");
        } else {
            isMissing(trial, trial.put("", object));
        }
    }

    private static void isMissing(Trial trial, Answer answer) {
        Resource resource = trial.resource();
        boolean components = resource.kind().equals("ComponentStatus"); // which Kubernetes names in the singular
        String told = components ? "componentstatus" : resource.toString();
        answer.isRefusal(404, "NotFound")
                .has(
                        "/message",
                        "%s \"%s\" not found".formatted(told, trial.sample().name()))
                .has("/details/name", trial.sample().name())
                .has("/details/group", resource.group())
                .has("/details/kind", components ? told : resource.plural());
    }

    static void notOffered(Trial trial) {
        Set<String> verbs = trial.resource().verbs();
        String collection = trial.sample().collection();
        OF_COLLECTIONS.forEach((verb, method) -> {
            if (!verbs.contains(verb)) {
                isNotAllowed(trial, method, collection);
            }
        });
        List.of("PUT", "PATCH").forEach(method -> isNotAllowed(trial, method, collection));
        if (verbs.contains("get")) {
            OF_OBJECTS.forEach((verb, method) -> {
                if (!verbs.contains(verb)) {
                    isNotAllowed(trial, method, trial.sample().path());
                }
            });
            isNotAllowed(trial, "POST", trial.sample().path());
            trial.cluster().get(trial.sample().path() + "/nonsense").isRefusal(404, "NotFound");
        }
    }

    static void isNotAllowed(Trial trial, String method, String path) {
        trial.cluster()
                .send(method, path, method.equals("GET") ? "" : "{}", "Content-Type", "application/json")
                .isRefusal(405, "MethodNotAllowed")
                .has("/message", "the server does not allow this method on the requested resource");
    }
}
