package io.jollyboat.server.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.codec.Format;
import io.jollyboat.api.codec.Protobuf;
import io.jollyboat.api.kinds.Tables;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Reading one object and many, in every form. */
final class Reading {
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final String METADATA = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    private static final String METADATA_LIST = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

    private Reading() {}

    static void get(Trial trial) {
        if (!trial.sample().isStored()) {
            getShown(trial);
            return;
        }
        Answer made = trial.make();
        assertThat(trial.get().is(200).body()).isEqualTo(made.body());
        Answer brief = trial.cluster().get(trial.sample().path(), "Accept", METADATA);
        brief.is(200).has("/kind", "PartialObjectMetadata");
        assertThat(brief.body().path("metadata")).isEqualTo(made.body().path("metadata"));
    }

    /** What is not stored, and shown nevertheless, by the names that the list has. */
    private static void getShown(Trial trial) {
        String all = trial.sample().collection();
        JsonNode items = trial.cluster().get(all).is(200).body().path("items");
        assertThat(items.size()).as("there is something to get").isPositive();
        for (JsonNode item : items) {
            String name = item.at("/metadata/name").asString();
            Answer one = trial.cluster().get(all + "/" + name).is(200);
            one.has("/kind", trial.resource().kind())
                    .has("/apiVersion", trial.resource().apiVersion())
                    .holds(item);
            trial.cluster()
                    .get(all + "/" + name, "Accept", METADATA)
                    .is(200)
                    .has("/kind", "PartialObjectMetadata")
                    .has("/metadata/name", name);
            isTable(trial, trial.cluster().get(all + "/" + name, "Accept", TABLE), "PartialObjectMetadata", name);
        }
    }

    static void list(Trial trial) {
        String all = trial.sample().collection();
        if (!trial.sample().isStored()) {
            Answer whole = trial.cluster()
                    .get(all)
                    .is(200)
                    .has("/kind", trial.resource().kind() + "List");
            String name = whole.text("/items/0/metadata/name");
            isCount(trial, all + "?fieldSelector=metadata.name%3D" + name, 1);
            isCount(trial, all + "?labelSelector=trial%3D1", 0);
            isTable(trial, trial.cluster().get(all, "Accept", TABLE), "PartialObjectMetadata", name);
            return;
        }
        Answer made = trial.make();
        String one = all + "?fieldSelector=metadata.name%3D" + trial.sample().name();
        Answer list = trial.cluster().get(one).is(200);
        list.has("/kind", trial.resource().kind() + "List")
                .has("/apiVersion", trial.resource().apiVersion())
                .isSet("/metadata/resourceVersion");
        assertThat(list.body().path("items").size()).isEqualTo(1);
        JsonNode item = list.body().path("items").get(0);
        assertThat(item.path("metadata")).isEqualTo(made.body().path("metadata"));
        assertThat(item.has("kind")).as("items of built-in kinds name no kind").isFalse();
        isCount(trial, all + "?labelSelector=trial%3D1", 1);
        isCount(trial, all + "?labelSelector=trial+in+(2,3)", 0);
        isCount(trial, all + "?limit=1&labelSelector=trial", 1);
        isCount(trial, one + "&resourceVersion=0", 1);
        String version = list.text("/metadata/resourceVersion");
        isCount(trial, one + "&resourceVersionMatch=Exact&resourceVersion=" + version, 1);
        if (trial.resource().namespaced()) {
            isCount(trial, one.replaceFirst("/namespaces/[^/]+", ""), 1);
        }
        trial.cluster().get(all, "Accept", METADATA_LIST).is(200).has("/kind", "PartialObjectMetadataList");
        trial.cluster().get(all + "?fieldSelector=spec.nonsense%3D1").isRefusal(400, "BadRequest");
    }

    private static void isCount(Trial trial, String path, int count) {
        JsonNode items = trial.cluster().get(path).is(200).body().path("items");
        assertThat(items).as(path).isInstanceOf(ArrayNode.class);
        assertThat(items.size()).as(path).isEqualTo(count);
    }

    static void table(Trial trial) {
        trial.make();
        isStoredTable(trial, trial.cluster().get(trial.sample().path(), "Accept", TABLE), "PartialObjectMetadata");
        String whole = trial.sample().collection() + "?labelSelector=trial%3D1&includeObject=Object";
        isStoredTable(
                trial,
                trial.cluster().get(whole, "Accept", TABLE),
                trial.resource().kind());
    }

    private static void isStoredTable(Trial trial, Answer table, String included) {
        isTable(
                trial,
                table.is(200).isSet("/metadata/resourceVersion"),
                included,
                trial.sample().name());
    }

    private static void isTable(Trial trial, Answer table, String included, String name) {
        table.is(200)
                .has("/kind", "Table")
                .has("/apiVersion", "meta.k8s.io/v1")
                .has("/rows/0/object/kind", included)
                .has("/rows/0/object/metadata/name", name);
        JsonNode columns = table.body().path("columnDefinitions");
        assertThat(columns.valueStream().map(c -> c.path("name").asString()))
                .containsExactlyElementsOf(Tables.columns(trial.resource()).stream()
                        .map(Tables.Column::name)
                        .toList());
        JsonNode cells = table.body().at("/rows/0/cells");
        assertThat(cells.size()).isEqualTo(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).path("format").asString().equals("name")) {
                assertThat(cells.get(i).asString()).isNotEmpty();
            }
            assertThat(cells.get(i).isContainer()).isFalse();
        }
    }

    /** The object goes out and comes in as protobuf, and is the same as in JSON. */
    static void protobuf(Trial trial) {
        Answer made = trial.make();
        Answer binary = trial.cluster().get(trial.sample().path(), "Accept", Protobuf.mediaType());
        assertThat(binary.is(200).header("content-type")).isEqualTo(Protobuf.mediaType());
        JsonNode read =
                Format.PROTOBUF.decode(binary.bytes(), trial.resource().kind()).object();
        made.holds(read);
        trial.remove();
        byte[] body = Protobuf.encode(trial.sample().object()).orElseThrow();
        trial.cluster()
                .send("POST", trial.sample().collection(), body, "Content-Type", Protobuf.mediaType())
                .is(201)
                .holds(trial.sample().object());
    }
}
