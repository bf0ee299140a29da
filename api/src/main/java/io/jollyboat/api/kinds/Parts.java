package io.jollyboat.api.kinds;

import io.jollyboat.api.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ObjectNode;

/** Where the parts stand that several kinds share, such as a Pod's spec: the table {@code parts.txt}. */
public final class Parts {
    /** A part and the way to it from what holds it. */
    record Place(String part, Path path) {}

    private static final Map<String, List<Place>> PLACES = read();

    private Parts() {}

    /** How tables name a kind: {@code v1 Pod}, {@code apps/v1 Deployment}. */
    public static String subject(Resource resource) {
        return resource.apiVersion() + " " + resource.kind();
    }

    /** The parts that stand directly in a kind or part. */
    static List<Place> in(String subject) {
        return PLACES.getOrDefault(subject, List.of());
    }

    /** Calls with place and value of every {@code part} anywhere in the object. */
    public static void each(Resource resource, ObjectNode object, String part, BiConsumer<String, ObjectNode> visit) {
        each(subject(resource), "", object, part, visit);
    }

    private static void each(
            String subject, String at, ObjectNode node, String part, BiConsumer<String, ObjectNode> visit) {
        for (Place place : in(subject)) {
            place.path().eachObject(node, at, (where, found) -> {
                if (place.part().equals(part)) {
                    visit.accept(where, found);
                }
                each(place.part(), where, found, part, visit);
            });
        }
    }

    private static Map<String, List<Place>> read() {
        Map<String, List<Place>> places = new LinkedHashMap<>();
        TextTable.sections(Parts.class, "parts.txt").forEach((part, rows) -> {
            for (List<String> row : rows) {
                for (String path : row.get(1).split(", ")) {
                    places.computeIfAbsent(row.get(0), key -> new ArrayList<>()).add(new Place(part, Path.of(path)));
                }
            }
        });
        return places;
    }
}
