package io.jollyboat.api.fields;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of {@code metadata.managedFields}.
 *
 * @param time as it is written, "" for none
 * @param written the entry as JSON while it is unchanged, so that it need not be written anew
 */
record Entry(Id id, String apiVersion, String time, FieldSet fields, Optional<JsonNode> written) {
    static final String APPLY = "Apply";
    static final String UPDATE = "Update";

    /** The order in which entries are kept. */
    static final Comparator<Entry> ORDER = Comparator.comparing((Entry e) -> e.id.operation)
            .thenComparing(Entry::time)
            .thenComparing(e -> e.id.manager)
            .thenComparing(Entry::apiVersion)
            .thenComparing(e -> e.id.subresource);

    /**
     * What makes an entry the same entry.
     *
     * @param version the API version, but "" for Apply, whose one entry moves along with the version
     */
    record Id(String manager, String operation, String version, String subresource) {
        static Id update(Edit edit) {
            return new Id(edit.manager(), UPDATE, edit.apiVersion(), edit.subresource());
        }

        static Id apply(Edit edit) {
            return new Id(edit.manager(), APPLY, "", edit.subresource());
        }

        boolean isUpdate() {
            return operation.equals(UPDATE);
        }

        /** As conflicts name it. */
        String text() {
            return "\"" + manager + "\""
                    + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + "\"")
                    + (isUpdate() ? " using " + version : "");
        }
    }

    static Entry of(Id id, Edit edit, FieldSet fields) {
        String time = second(edit.now());
        return new Entry(id, edit.apiVersion(), time, fields, Optional.empty());
    }

    static String second(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** @throws IllegalArgumentException where the entry is none that Kubernetes takes */
    static Entry decode(JsonNode entry) {
        String operation = entry.path("operation").stringValue("");
        String apiVersion = entry.path("apiVersion").stringValue("");
        String type = entry.path("fieldsType").stringValue("");
        if (!Set.of(APPLY, UPDATE).contains(operation) || apiVersion.isEmpty() || !type.equals("FieldsV1")) {
            throw new IllegalArgumentException("no entry of managedFields: " + entry);
        }
        Id id = new Id(
                entry.path("manager").stringValue(""),
                operation,
                operation.equals(UPDATE) ? apiVersion : "",
                entry.path("subresource").stringValue(""));
        FieldSet fields = FieldSet.decode(entry.path("fieldsV1"));
        return new Entry(id, apiVersion, entry.path("time").stringValue(""), fields, Optional.of(entry));
    }

    JsonNode encode() {
        return written.orElseGet(this::write);
    }

    private JsonNode write() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("manager", id.manager);
        node.put("operation", id.operation);
        node.put("apiVersion", apiVersion);
        if (!time.isEmpty()) {
            node.put("time", time);
        }
        node.put("fieldsType", "FieldsV1");
        node.set("fieldsV1", fields.encode());
        if (!id.subresource.isEmpty()) {
            node.put("subresource", id.subresource);
        }
        return node;
    }

    @SuppressWarnings("ReferenceEquality") // a set that did not change is the same object
    Entry with(FieldSet other) {
        return other == fields ? this : new Entry(id, apiVersion, time, other, Optional.empty());
    }
}
