package io.jollyboat.api.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Trees;
import io.jollyboat.api.codec.Format;
import io.jollyboat.api.fields.Apply;
import io.jollyboat.api.fields.Edit;
import io.jollyboat.api.fields.FieldSet;
import io.jollyboat.api.fields.ManagedFields;
import io.jollyboat.api.patch.JsonPatch;
import io.jollyboat.api.patch.MergePatch;
import io.jollyboat.api.patch.StrategicPatch;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.api.schema.Type;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The four patches: an input is an object of a live Pod and a patch, which is tried as every kind. */
class PatchFuzzTest extends FuzzContract {
    private static final Type.Struct POD =
            BuiltInSchema.schema().type(Resources.kind("v1", "Pod")).orElseThrow();

    PatchFuzzTest() {
        super("patches.txt");
    }

    @Override
    protected List<String> words() {
        return List.of(
                "\"live\":{",
                "\"patch\":{",
                "\"op\":\"add\"",
                "\"op\":\"copy\"",
                "\"op\":\"move\"",
                "\"path\":\"/",
                "\"from\":\"",
                "\"value\":",
                "~1",
                "~0",
                "~",
                "/-",
                "/0",
                "\"$patch\":\"delete\"",
                "\"$patch\":\"replace\"",
                "\"$patch\":\"merge\"",
                "\"$retainKeys\":[",
                "\"$setElementOrder/containers\":[",
                "\"$deleteFromPrimitiveList/finalizers\":[",
                "\"containers\":[{\"name\":\"a\"",
                "\"ports\":[{",
                "\"containerPort\":80",
                "\"protocol\":\"TCP\"",
                "null",
                "\"metadata\":{",
                "\"labels\":{",
                "\"spec\":{",
                "\"managedFields\":[{",
                "\"fieldsV1\":{\"f:spec\":{}}",
                "\"apiVersion\":\"v1\",\"kind\":\"Pod\"");
    }

    @Override
    protected void take(byte[] input) {
        Optional<ObjectNode> both = Bodies.decoded(Format.JSON, input);
        if (both.isEmpty() || !(both.get().path("live") instanceof ObjectNode live)) {
            return;
        }
        ObjectNode before = live.deepCopy();
        JsonNode patch = both.get().path("patch");
        patched(() -> JsonPatch.apply(live, patch));
        if (patch instanceof ObjectNode wanted) {
            ObjectNode merged = MergePatch.apply(live, wanted);
            assertThat(Trees.equal(MergePatch.apply(merged, wanted), merged)).isTrue();
            patched(() -> StrategicPatch.apply(live, wanted, POD));
            patched(() -> updated(live, wanted));
            patched(() -> applied(live, wanted));
        }
        assertThat(Trees.equal(live, before))
                .as("the live object is not changed")
                .isTrue();
    }

    private static JsonNode updated(ObjectNode live, ObjectNode wanted) {
        ObjectNode after = wanted.deepCopy();
        ManagedFields.afterUpdate(live, after, edit());
        return after;
    }

    /** Applied again, nothing changes; but an object whose last owner has gone is taken for one that nobody ever applied. */
    private static JsonNode applied(ObjectNode live, ObjectNode wanted) {
        ObjectNode intent = wanted.deepCopy().put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode after = Apply.apply(live, intent, true, edit());
        assertThat(Trees.equal(Apply.apply(after, intent, true, edit()), after)
                        || !after.path("metadata").has("managedFields"))
                .as("%s", after)
                .isTrue();
        return after;
    }

    private static Edit edit() {
        return new Edit(
                "tester",
                "v1",
                "",
                Instant.parse("2026-01-01T00:00:00Z"),
                Optional.of(POD),
                FieldSet.ofFields("status"));
    }

    /** A result that can be written, or a refusal; that an intent does not fit the schema is a 500 in Kubernetes too. */
    private static void patched(java.util.function.Supplier<JsonNode> patch) {
        try {
            JsonNode result = JsonNodeFactory.instance.objectNode().set("r", patch.get());
            assertThat(result.toString()).isNotEmpty();
        } catch (StatusException e) {
            if (!e.getMessage().startsWith("failed to create typed patch object")) {
                Bodies.refused(e);
            }
        }
    }
}
