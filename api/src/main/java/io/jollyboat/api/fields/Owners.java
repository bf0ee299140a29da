package io.jollyboat.api.fields;

import io.jollyboat.api.fields.Entry.Id;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The entries of one object while they are worked on. */
final class Owners {
    /** More entries of operation Update are put together, the oldest first. */
    static final int MOST_UPDATES = 10;

    static final String ANCIENT = "ancient-changes";
    static final String FIELD = "managedFields";

    private final Map<Id, Entry> entries = new LinkedHashMap<>();

    private Owners() {}

    /** The entries of an object; none where one of them is not readable. */
    static Owners of(JsonNode object) {
        Owners owners = new Owners();
        try {
            for (JsonNode entry : object.path("metadata").path(FIELD)) {
                owners.put(Entry.decode(entry));
            }
        } catch (IllegalArgumentException e) {
            owners.entries.clear();
        }
        return owners;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Optional<Entry> get(Id id) {
        return Optional.ofNullable(entries.get(id));
    }

    void put(Entry entry) {
        entries.put(entry.id(), entry);
    }

    List<Entry> others(Id id) {
        return entries.values().stream().filter(entry -> !entry.id().equals(id)).toList();
    }

    /** Changes what each owns; who owns nothing any more goes. */
    void change(Function<Entry, FieldSet> fields) {
        entries.replaceAll((id, entry) -> entry.with(fields.apply(entry)));
        entries.values().removeIf(entry -> entry.fields().isEmpty());
    }

    /**
     * Puts the oldest entries of operation Update together until there are few enough: those of each API version
     * become one of {@code ancient-changes}, with the latest of their times.
     */
    void limit() {
        List<Entry> updates = new ArrayList<>(entries.values());
        updates.removeIf(entry -> !entry.id().isUpdate());
        updates.sort(Comparator.comparing(Entry::time)
                .thenComparing(entry -> entry.id().toString()));
        int left = updates.size();
        Map<String, Entry> firsts = new HashMap<>();
        for (Entry entry : updates) {
            if (left <= MOST_UPDATES) {
                return;
            }
            Id bucket = new Id(ANCIENT, Entry.UPDATE, entry.apiVersion(), "");
            Entry first = firsts.putIfAbsent(entry.apiVersion(), entry);
            if (first != null && !entry.id().equals(bucket)) {
                Entry older = entries.containsKey(bucket) ? entries.get(bucket) : entries.remove(first.id());
                FieldSet fields = entry.fields().union(older == null ? FieldSet.EMPTY : older.fields());
                entries.remove(entry.id());
                put(new Entry(bucket, entry.apiVersion(), entry.time(), fields, Optional.empty()));
                left--;
            }
        }
    }

    /** Writes the entries into an object, in Kubernetes' order; none leave no field. */
    void writeTo(ObjectNode object) {
        ObjectNode metadata =
                object.path("metadata") instanceof ObjectNode found ? found : object.putObject("metadata");
        if (entries.isEmpty()) {
            metadata.remove(FIELD);
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        entries.values().stream().sorted(Entry.ORDER).forEach(entry -> list.add(entry.encode()));
        metadata.set(FIELD, list);
    }
}
