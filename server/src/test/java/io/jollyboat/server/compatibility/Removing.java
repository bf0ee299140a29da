package io.jollyboat.server.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Deleting one object and many. */
final class Removing {
    private Removing() {}

    static void delete(Trial trial) {
        ObjectNode made = trial.make().object();
        trial.delete("", "{\"preconditions\":{\"uid\":\"another\"}}")
                .isRefusal(409, "Conflict")
                .has("/details/name", trial.sample().name());
        trial.delete("", "{\"preconditions\":{\"resourceVersion\":\"1\"}}").isRefusal(409, "Conflict");
        String uid = made.at("/metadata/uid").asString();
        Answer gone = trial.delete("", "{\"preconditions\":{\"uid\":\"" + uid + "\"}}")
                .is(200);
        Answer left = trial.get();
        if (left.code() == 200) {
            left.isSet("/metadata/deletionTimestamp");
            gone.has("/kind", trial.resource().kind());
        } else if (trial.has("answersObject")) {
            gone.has("/kind", trial.resource().kind()).has("/metadata/uid", uid);
        } else {
            gone.has("/kind", "Status")
                    .has("/status", "Success")
                    .has("/details/name", trial.sample().name())
                    .has("/details/group", trial.resource().group())
                    .has("/details/kind", trial.resource().plural())
                    .has("/details/uid", uid);
        }
        trial.remove();
        finalizersHold(trial);
    }

    private static void finalizersHold(Trial trial) {
        ObjectNode held = trial.sample().object().deepCopy();
        held.withObjectProperty("metadata").putArray("finalizers").add("trial.example/one");
        trial.post("", held).is(201);
        trial.delete("", "").is(200).isSet("/metadata/deletionTimestamp");
        trial.get().is(200).isSet("/metadata/deletionTimestamp");
    }

    static void deleteCollection(Trial trial) {
        trial.make();
        String all = trial.sample().collection();
        trial.cluster().send("DELETE", all + "?labelSelector=trial%3Dother", "").is(200);
        trial.get().is(200);
        String options = "{\"gracePeriodSeconds\":0,\"propagationPolicy\":\"Background\"}";
        Answer gone = trial.cluster()
                .send("DELETE", all + "?labelSelector=trial%3D1", options)
                .is(200)
                .has("/kind", trial.resource().kind() + "List");
        assertThat(gone.body().path("items").valueStream().map(Removing::name))
                .containsExactly(trial.sample().name());
        if (trial.get().code() == 200) {
            trial.get().isSet("/metadata/deletionTimestamp");
        }
    }

    private static String name(JsonNode item) {
        return item.at("/metadata/name").asString();
    }
}
