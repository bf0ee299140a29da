package io.jollyboat.server.http.turns;

import io.jollyboat.api.Meta;
import io.jollyboat.server.Fairness;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which flow and priority level a request belongs to: of the schemas that match the one counts whose precedence is
 * lowest, of several the first by name. A schema whose level is missing counts for nothing; what Kubernetes cannot be
 * without holds even when it is not stored.
 *
 * <p>Source: Kubernetes, "API Priority and Fairness".
 */
final class FlowTable {
    private static final String LAST = "catch-all";
    private static final FlowRules USUAL_LAST = Fairness.usual().schemas().stream()
            .map(FlowRules::of)
            .filter(schema -> schema.name().equals(LAST))
            .findFirst()
            .orElseThrow();

    private final Map<String, Level> levels = new LinkedHashMap<>();
    private final List<FlowRules> schemas;
    private final FlowRules last;

    private FlowTable(List<ObjectNode> levels, List<ObjectNode> schemas) {
        levels.stream().map(Level::of).forEach(level -> this.levels.put(level.name(), level));
        this.schemas = schemas.stream()
                .map(FlowRules::of)
                .filter(schema -> this.levels.containsKey(schema.level()))
                .sorted(Comparator.comparingInt(FlowRules::precedence).thenComparing(FlowRules::name))
                .toList();
        this.last = find(schema -> schema.name().equals(LAST)).orElse(USUAL_LAST);
    }

    static FlowTable of(Fairness fairness) {
        Fairness usual = Fairness.usual();
        return new FlowTable(
                completed(fairness.levels(), usual.levels()), completed(fairness.schemas(), usual.schemas()));
    }

    /** With the mandatory ones that are not stored at this moment. */
    private static List<ObjectNode> completed(List<ObjectNode> stored, List<ObjectNode> usual) {
        List<ObjectNode> all = new ArrayList<>();
        usual.stream()
                .filter(Fairness::isMandatory)
                .filter(mandatory ->
                        stored.stream().noneMatch(one -> Meta.name(one).equals(Meta.name(mandatory))))
                .forEach(all::add);
        all.addAll(stored);
        return all;
    }

    List<Level> levels() {
        return List.copyOf(levels.values());
    }

    boolean knows(String schema, String level) {
        return find(one -> one.name().equals(schema) && one.level().equals(level))
                .isPresent();
    }

    /** Which flow a request belongs to; what nobody else takes belongs to {@code catch-all}. */
    Flow flow(Asked asked) {
        FlowRules schema = find(one -> one.matches(asked)).orElse(last);
        Level level = Objects.requireNonNull(levels.get(schema.level()));
        return new Flow(schema.name(), schema.uid(), level.name(), level.uid(), schema.flow(asked));
    }

    private Optional<FlowRules> find(Predicate<FlowRules> wanted) {
        for (FlowRules schema : schemas) {
            if (wanted.test(schema)) {
                return Optional.of(schema);
            }
        }
        return Optional.empty();
    }
}
