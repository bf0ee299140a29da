package io.jollyboat.server.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.server.Conversions;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Creating and updating, in earnest and for trial. */
final class Writing {
    private Writing() {}

    static void create(Trial trial) {
        Sample sample = trial.sample();
        Answer made = trial.make()
                .has("/apiVersion", sample.resource().apiVersion())
                .has("/kind", madeKind(trial))
                .holds(sample.trial().path("answer"));
        if (!sample.isStored()) {
            return;
        }
        made.holds(sample.object())
                .isSet("/metadata/uid")
                .isSet("/metadata/creationTimestamp")
                .isSet("/metadata/resourceVersion");
        trial.isGeneration(made, false);
        ownedBy(made, Trial.MANAGER, "Update", sample.resource().apiVersion(), "");
        trial.post("", sample.object())
                .isRefusal(409, "AlreadyExists")
                .has("/details/kind", sample.resource().plural())
                .has("/details/group", sample.resource().group())
                .has("/message", "%s \"%s\" already exists".formatted(sample.resource(), sample.name()));
    }

    /** Binding answers with a Status. */
    private static String madeKind(Trial trial) {
        String kind = trial.resource().kind();
        return kind.equals("Binding") ? "Status" : kind;
    }

    /** Exactly one entry of the manager stands in managedFields, and it says what it owns. */
    static void ownedBy(Answer answer, String manager, String operation, String apiVersion, String subresource) {
        List<JsonNode> entries = answer.body()
                .at("/metadata/managedFields")
                .valueStream()
                .filter(entry -> entry.path("manager").asString("").equals(manager)
                        && entry.path("operation").asString("").equals(operation)
                        && entry.path("subresource").asString("").equals(subresource))
                .toList();
        assertThat(entries)
                .as(answer.request() + ": managedFields of " + manager)
                .hasSize(1);
        JsonNode entry = entries.getFirst();
        assertThat(entry.path("apiVersion").asString()).isEqualTo(apiVersion);
        assertThat(entry.path("fieldsType").asString()).isEqualTo("FieldsV1");
        assertThat(entry.path("fieldsV1").isEmpty())
                .as(answer.request() + ": fieldsV1 is empty")
                .isFalse();
        assertThat(entry.path("time").asString()).isNotEmpty();
    }

    static void update(Trial trial) {
        ObjectNode made = trial.make().object();
        ObjectNode wanted = Sample.with(made, trial.sample().change());
        Answer changed = trial.put(Trial.AS_MANAGER, wanted)
                .is(200)
                .holds(trial.sample().change())
                .has("/metadata/uid", made.at("/metadata/uid").asString())
                .has(
                        "/metadata/creationTimestamp",
                        made.at("/metadata/creationTimestamp").asString());
        trial.isGeneration(changed, trial.changeCounts());
        isLater(made, changed);
        trial.put(Trial.AS_MANAGER, changed.object())
                .is(200)
                .has("/metadata/resourceVersion", changed.text("/metadata/resourceVersion"));
        trial.put("", Sample.with(made, Trial.label("stale")))
                .isRefusal(409, "Conflict")
                .has("/details/name", trial.sample().name())
                .has("/details/kind", trial.resource().plural());
        ObjectNode other = changed.object().deepCopy();
        other.withObjectProperty("metadata").put("uid", "another");
        trial.put("", other).isRefusal(409, "Conflict");
        ObjectNode unconditional = Sample.with(changed.object(), Trial.label("last"));
        unconditional.withObjectProperty("metadata").remove("resourceVersion");
        if (trial.has("conditional")) {
            trial.put("", unconditional).isRefusal(422, "Invalid");
        } else {
            trial.put("", unconditional).is(200).has("/metadata/labels/trial", "last");
        }
        ObjectNode elsewhere = changed.object().deepCopy();
        elsewhere.withObjectProperty("metadata").put("name", "elsewhere");
        trial.put("", elsewhere).isRefusal(400, "BadRequest");
    }

    static void isLater(ObjectNode before, Answer after) {
        assertThat(Long.parseLong(after.text("/metadata/resourceVersion")))
                .as(after.request())
                .isGreaterThan(
                        Long.parseLong(before.at("/metadata/resourceVersion").asString()));
    }

    static void dryRun(Trial trial) {
        String dry = "?dryRun=All";
        trial.post(dry, trial.sample().object())
                .is(201)
                .isSet("/metadata/uid")
                .has("/metadata/resourceVersion", "")
                .holds(trial.sample().object());
        trial.get().isRefusal(404, "NotFound");
        ObjectNode made = trial.make().object();
        ObjectNode wanted = Sample.with(made, trial.sample().change());
        trial.put(dry, wanted).is(200).holds(trial.sample().change());
        trial.patch("application/merge-patch+json", dry, trial.sample().change())
                .is(200)
                .holds(trial.sample().change());
        trial.delete(dry, "").is(200);
        trial.delete("", "{\"dryRun\":[\"All\"]}").is(200);
        if (trial.resource().verbs().contains("deletecollection")) {
            String all = trial.sample().collection() + dry + "&labelSelector=trial%3D1";
            trial.cluster().send("DELETE", all, "").is(200);
        }
        trial.put("?dryRun=Some", wanted).isRefusal(422, "Invalid");
        assertThat(trial.get().is(200).body()).as("after dry runs").isEqualTo(made);
    }

    static void unknownFields(Trial trial) {
        ObjectNode odd = trial.sample().object().deepCopy().put("unknownField", 1);
        String kind = trial.resource().kind();
        trial.post("?fieldValidation=Strict", odd)
                .isRefusal(400, "BadRequest")
                .has(
                        "/message",
                        "%s in version \"%s\" cannot be handled as a %s: strict decoding error: unknown field \"unknownField\""
                                .formatted(kind, trial.resource().version(), kind));
        String twice = trial.sample().object().toString().replaceFirst("\\{", "{\"kind\":\"" + kind + "\",");
        trial.cluster()
                .send("POST", trial.sample().collection() + "?fieldValidation=Strict", twice)
                .isRefusal(400, "BadRequest")
                .has(
                        "/message",
                        "%s in version \"%s\" cannot be handled as a %s: strict decoding error: duplicate field \"kind\""
                                .formatted(kind, trial.resource().version(), kind));
        Answer quiet = trial.post("?dryRun=All&fieldValidation=Ignore", odd).is(201);
        assertThat(quiet.header("warning")).doesNotContain("unknown");
        Answer warned = trial.post("", odd).is(201);
        assertThat(warned.headers().allValues("warning")).contains("299 - \"unknown field \\\"unknownField\\\"\"");
        assertThat(warned.body().has("unknownField")).isFalse();
        trial.put("?fieldValidation=Strict", warned.object().deepCopy().put("unknownField", 1))
                .isRefusal(400, "BadRequest");
        trial.patch("application/merge-patch+json", "?fieldValidation=Strict", unknown())
                .isRefusal(422, "Invalid");
    }

    private static ObjectNode unknown() {
        return Trial.label("2").put("unknownField", 1);
    }

    static void invalid(Trial trial) {
        assertThat(trial.sample().trial().has("invalid"))
                .as("the sample says nothing invalid")
                .isTrue();
        ObjectNode bad =
                Sample.with(trial.sample().object(), trial.sample().trial().path("invalid"));
        Answer refused = trial.post("", bad)
                .isRefusal(422, "Invalid")
                .has("/details/kind", trial.resource().kind())
                .has("/details/group", Conversions.stored(trial.resource()).group());
        assertThat(refused.body()
                        .at("/details/causes")
                        .valueStream()
                        .map(cause -> cause.path("field").asString()))
                .as(refused.text("/message"))
                .contains(trial.sample().trial().path("field").asString());
    }
}
