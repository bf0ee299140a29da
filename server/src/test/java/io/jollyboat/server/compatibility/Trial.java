package io.jollyboat.server.compatibility;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.kinds.TextTable;
import io.jollyboat.server.Server;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One kind's sample on a server: makes it, writes it in every form, and takes it away again. */
record Trial(Cluster cluster, Sample sample) {
    static final String MANAGER = "trial-one";
    static final String AS_MANAGER = "?fieldManager=" + MANAGER;
    private static final List<List<String>> TRAITS = TextTable.rows(Server.class, "traits.txt").stream()
            .map(row -> List.of(row.getFirst().split("\\s+")[0], row.getLast()))
            .toList();
    private static final String AT_ONCE = "{\"gracePeriodSeconds\":0,\"propagationPolicy\":\"Background\"}";

    Resource resource() {
        return sample.resource();
    }

    /** Whether the server's table of traits says so of the kind. */
    boolean has(String trait) {
        return TRAITS.stream()
                .filter(row -> row.getFirst().equals(resource().qualifiedPlural()))
                .anyMatch(row -> List.of(row.getLast().split(",")).contains(trait));
    }

    Answer make() {
        needs().forEach(needed -> new Trial(cluster, needed).make());
        return post("", sample.object()).is(201);
    }

    private List<Sample> needs() {
        return sample.trial()
                .path("needs")
                .valueStream()
                .map(kind -> kind.asString().split(" "))
                .map(kind -> Sample.of(Resources.kind(kind[0], kind[1])))
                .toList();
    }

    Answer post(String query, JsonNode object) {
        String manager = (query.isEmpty() ? "?" : query + "&") + "fieldManager=" + MANAGER;
        return cluster.send("POST", sample.collection() + manager, object.toString());
    }

    Answer put(String query, JsonNode object) {
        return cluster.send("PUT", sample.path() + query, object.toString());
    }

    /** @param below the object's path: a query, or a subresource with one */
    Answer patch(String type, String below, JsonNode patch) {
        return cluster.send("PATCH", sample.path() + below, patch.toString(), "Content-Type", type);
    }

    Answer get() {
        return cluster.get(sample.path());
    }

    Answer delete(String query, String options) {
        return cluster.send("DELETE", sample.path() + query, options);
    }

    /** Makes an end of the sample and of what it needed, whatever holds it. */
    void remove() {
        if (sample.isStored()) {
            end();
        }
        needs().forEach(needed -> new Trial(cluster, needed).end());
    }

    private void end() {
        if (get().code() != 404) {
            delete("", AT_ONCE);
        }
        Answer left = get();
        if (left.code() != 404) {
            release(left.object());
            delete("", AT_ONCE);
        }
        get().isRefusal(404, "NotFound");
    }

    private void release(ObjectNode held) {
        ObjectNode free = JsonNodeFactory.instance.objectNode();
        free.putObject("metadata").putNull("finalizers");
        patch("application/merge-patch+json", "", free);
        if (resource().has("finalize")) {
            held.withObjectProperty("metadata").remove(List.of("finalizers", "resourceVersion"));
            held.withObjectProperty("spec").putArray("finalizers");
            cluster.send("PUT", sample.path() + "/finalize", held.toString());
        }
    }

    /** The generation that an object has after so many changes of what counts. */
    void isGeneration(Answer answer, boolean changed) {
        int first = has("generation") || has("generationOnce") ? 1 : 0;
        int generation = first + (changed && (has("generation") || has("generationLater")) ? 1 : 0);
        String expected = generation == 0 ? "" : String.valueOf(generation);
        answer.has("/metadata/generation", expected);
    }

    /** Whether the sample's change raises the generation. */
    boolean changeCounts() {
        return sample.change().propertyNames().stream().anyMatch(name -> !name.equals("metadata"))
                || has("labelsCount") && sample.change().at("/metadata/labels").isObject();
    }

    static ObjectNode label(String value) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").putObject("labels").put("trial", value);
        return patch;
    }
}
