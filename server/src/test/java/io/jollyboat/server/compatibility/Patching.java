package io.jollyboat.server.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The four forms of a patch. */
final class Patching {
    static final String JSON = "application/json-patch+json";
    static final String MERGE = "application/merge-patch+json";
    static final String STRATEGIC = "application/strategic-merge-patch+json";
    static final String APPLY = "application/apply-patch+yaml";

    private Patching() {}

    static void json(Trial trial) {
        ObjectNode made = trial.make().object();
        ArrayNode operations = JsonNodeFactory.instance.arrayNode();
        operations(made, trial.sample().change(), "", operations);
        changes(trial, made, JSON, operations);
        ArrayNode refused = JsonNodeFactory.instance.arrayNode();
        refused.addObject().put("op", "test").put("path", "/metadata/name").put("value", "other");
        trial.patch(JSON, "", refused).isRefusal(422, "Invalid");
    }

    /** The operations that do what a merge patch does. */
    private static void operations(JsonNode live, ObjectNode change, String path, ArrayNode into) {
        change.forEachEntry((name, value) -> {
            String at = path + "/" + name.replace("~", "~0").replace("/", "~1");
            if (value instanceof ObjectNode object && live.path(name).isObject()) {
                operations(live.path(name), object, at, into);
            } else {
                into.addObject().put("op", "add").put("path", at).set("value", value);
            }
        });
    }

    static void merge(Trial trial) {
        ObjectNode made = trial.make().object();
        changes(trial, made, MERGE, trial.sample().change());
        ObjectNode nothing = JsonNodeFactory.instance.objectNode();
        nothing.putObject("metadata").putObject("labels").putNull("trial");
        Answer unlabelled = trial.patch(MERGE, "", nothing).is(200);
        assertThat(unlabelled.body().at("/metadata/labels").has("trial")).isFalse();
    }

    static void strategic(Trial trial) {
        ObjectNode made = trial.make().object();
        changes(trial, made, STRATEGIC, trial.sample().change());
        ObjectNode finalizers = JsonNodeFactory.instance.objectNode();
        finalizers.putObject("metadata").putArray("finalizers").add("trial.example/one");
        trial.patch(STRATEGIC, "", finalizers).is(200);
        ObjectNode second = JsonNodeFactory.instance.objectNode();
        second.putObject("metadata").putArray("finalizers").add("trial.example/two");
        Answer both = trial.patch(STRATEGIC, "", second).is(200);
        assertThat(both.body().at("/metadata/finalizers").valueStream().map(JsonNode::asString))
                .contains("trial.example/one", "trial.example/two");
        ObjectNode removed = JsonNodeFactory.instance.objectNode();
        removed.putObject("metadata")
                .putArray("$deleteFromPrimitiveList/finalizers")
                .add("trial.example/one");
        Answer one = trial.patch(STRATEGIC, "", removed).is(200);
        assertThat(one.body().at("/metadata/finalizers").valueStream().map(JsonNode::asString))
                .contains("trial.example/two")
                .doesNotContain("trial.example/one");
    }

    /** A patch changes what it should, counts, belongs to its manager, and changes nothing the second time. */
    private static void changes(Trial trial, ObjectNode made, String type, JsonNode patch) {
        String manager = "?fieldManager=trial-two";
        Answer changed = trial.patch(type, manager, patch)
                .is(200)
                .holds(trial.sample().change())
                .has("/metadata/uid", made.at("/metadata/uid").asString());
        trial.isGeneration(changed, trial.changeCounts());
        Writing.isLater(made, changed);
        Writing.ownedBy(changed, "trial-two", "Update", trial.resource().apiVersion(), "");
        trial.patch(type, manager, patch)
                .is(200)
                .has("/metadata/resourceVersion", changed.text("/metadata/resourceVersion"));
        if (!type.equals(JSON)) {
            ObjectNode stale = Trial.label("stale");
            stale.withObjectProperty("metadata").set("resourceVersion", made.at("/metadata/resourceVersion"));
            trial.patch(type, "", stale).isRefusal(409, "Conflict");
        }
    }

    static void apply(Trial trial) {
        ObjectNode intent = trial.sample().object();
        String apiVersion = trial.resource().apiVersion();
        Answer made =
                trial.patch(APPLY, "?fieldManager=trial-apply", intent).is(201).holds(intent);
        Writing.ownedBy(made, "trial-apply", "Apply", apiVersion, "");
        trial.patch(APPLY, "?fieldManager=trial-apply", intent)
                .is(200)
                .has("/metadata/resourceVersion", made.text("/metadata/resourceVersion"));
        ObjectNode other = JsonNodeFactory.instance.objectNode();
        other.put("apiVersion", apiVersion).put("kind", trial.resource().kind());
        other.putObject("metadata")
                .put("name", trial.sample().name())
                .putObject("labels")
                .put("trial", "2");
        trial.patch(APPLY, "?fieldManager=trial-other", other)
                .isRefusal(409, "Conflict")
                .has("/details/causes/0/reason", "FieldManagerConflict")
                .has("/details/causes/0/field", ".metadata.labels.trial");
        Answer forced = trial.patch(APPLY, "?fieldManager=trial-other&force=true", other)
                .is(200)
                .has("/metadata/labels/trial", "2");
        Writing.ownedBy(forced, "trial-other", "Apply", apiVersion, "");
        ObjectNode less = intent.deepCopy();
        less.withObjectProperty("metadata").remove("labels");
        trial.patch(APPLY, "?fieldManager=trial-apply", less).is(200).has("/metadata/labels/trial", "2");
        other.withObjectProperty("metadata").remove("labels");
        Answer pruned = trial.patch(APPLY, "?fieldManager=trial-other", other).is(200);
        assertThat(pruned.body().at("/metadata/labels").has("trial"))
                .as("a label that nobody applies any more")
                .isFalse();
        trial.patch(APPLY, "", other).isRefusal(422, "Invalid");
    }
}
