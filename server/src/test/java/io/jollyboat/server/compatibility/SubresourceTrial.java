package io.jollyboat.server.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource.Subresource;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One subresource of a kind, with what the sample says may be sent to it. */
record SubresourceTrial(Subresource subresource) {
    private static final Map<String, String> METHODS =
            Map.of("get", "GET", "create", "POST", "update", "PUT", "patch", "PATCH", "delete", "DELETE");

    void run(Trial trial) {
        JsonNode trials = trial.sample().trial().path("subresources").path(subresource.name());
        assertThat(trials.isObject())
                .as("the sample says nothing of /" + subresource.name())
                .isTrue();
        String below = "/" + subresource.name();
        String path = trial.sample().path() + below;
        trial.make();
        if (trials.has("get")) {
            trial.cluster()
                    .get(path + trials.path("query").asString(""))
                    .is(trials.path("get").asInt())
                    .has("/kind", "Status");
            return;
        }
        METHODS.forEach((verb, method) -> {
            if (!subresource.verbs().contains(verb)) {
                Refusing.isNotAllowed(trial, method, path);
            }
        });
        if (trials.has("post")) {
            trial.cluster().send("POST", path, trials.path("post").toString()).is(201);
        }
        if (trials.has("put")) {
            trial.put(below, Sample.with(trial.get().object(), trials.path("put")))
                    .is(200)
                    .holds(trials.path("put"));
        }
        if (trials.has("patch")) {
            changes(trial, Patching.MERGE, trials.path("patch"));
        }
        if (trials.has("strategic")) {
            changes(trial, Patching.STRATEGIC, trials.path("strategic"));
        }
        trial.remove();
        String named = "{\"metadata\":{\"name\":" + trial.sample().object().at("/metadata/name") + "}}";
        trial.cluster().send("PUT", path, named).isOneOf(404, 405);
    }

    private void changes(Trial trial, String type, JsonNode patch) {
        String below = "/" + subresource.name();
        ObjectNode before = trial.get().is(200).object();
        trial.cluster().get(trial.sample().path() + below).is(200).has("/kind", subresource.kind());
        Answer changed =
                trial.patch(type, below + "?fieldManager=trial-sub", patch).is(200);
        Answer stored = trial.get().is(200);
        if (type.equals(Patching.MERGE)) {
            changed.holds(patch);
            stored.holds(patch);
        }
        assertThat(stored.body()).as("after the patch of " + below).isNotEqualTo(before);
        Writing.ownedBy(stored, "trial-sub", "Update", ownerVersion(trial), subresource.name());
        Answer again = trial.cluster().get(trial.sample().path() + below).is(200);
        trial.put(below, again.object())
                .is(200)
                .has("/metadata/resourceVersion", again.text("/metadata/resourceVersion"));
        ObjectNode stale = again.object().deepCopy();
        stale.withObjectProperty("metadata").set("resourceVersion", before.at("/metadata/resourceVersion"));
        trial.put(below, stale).isRefusal(409, "Conflict");
        if (subresource.name().equals("status")) {
            keepsToItself(trial, before, stored);
        }
    }

    private String ownerVersion(Trial trial) {
        return subresource.kind().equals("Scale")
                ? trial.resource().apiVersion()
                : subresource.group().isEmpty()
                        ? subresource.version()
                        : subresource.group() + "/" + subresource.version();
    }

    /** A write of the status changes nothing else, and a write of the object no status. */
    private static void keepsToItself(Trial trial, ObjectNode before, Answer after) {
        assertThat(after.body().path("spec")).isEqualTo(before.path("spec"));
        assertThat(after.body().at("/metadata/generation")).isEqualTo(before.at("/metadata/generation"));
        ObjectNode without = after.object().deepCopy();
        without.remove("status");
        trial.put("", without).is(200);
        assertThat(trial.get().body().path("status")).isEqualTo(after.body().path("status"));
        ObjectNode both = Sample.with(trial.get().object(), trial.sample().change());
        both.remove("status");
        trial.patch(Patching.MERGE, "/status", both).is(200);
        assertThat(trial.get().body().path("spec")).isEqualTo(before.path("spec"));
    }
}
