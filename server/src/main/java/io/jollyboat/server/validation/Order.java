package io.jollyboat.server.validation;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.kinds.TextTable;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.api.schema.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings causes into the order in which Kubernetes finds them: within a type the fields follow the table
 * {@code order.txt}, the elements of a list their numbers, and what the table does not name stays as it was found.
 *
 * <p>Worked example: found were {@code spec.dnsPolicy}, {@code spec.containers[1].image},
 * {@code spec.containers[0].image}; the table has {@code containers} before {@code dnsPolicy} in a PodSpec. So the
 * containers come first, each in its place.
 */
final class Order {
    /** The table's word for what is wrong with a value as a whole. */
    private static final String ITSELF = ".";

    /** Stands for all that the table does not name. */
    private static final String OTHERS = "*";

    private static final Map<String, List<String>> FIELDS =
            TextTable.sections(Order.class, "order.txt").entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(
                            Map.Entry::getKey,
                            section -> section.getValue().stream()
                                    .flatMap(List::stream)
                                    .flatMap(cell -> Stream.of(cell.split(" (?![^{]*})")))
                                    .toList()));

    /** A cause and the steps of its path that are still ahead. */
    private record Found(Cause cause, List<String> steps) {
        String step(List<String> fields) {
            if (steps.isEmpty()) {
                return ITSELF;
            }
            String last = steps.getLast();
            boolean direct = steps.size() == 1 || steps.size() == 2 && last.startsWith("[");
            String forReason = steps.getFirst() + ":" + cause.reason().replace("FieldValue", "");
            String ofElements = steps.getFirst() + "[]." + last;
            return direct && fields.contains(forReason)
                    ? forReason
                    : steps.size() == 3 && fields.contains(ofElements) ? ofElements : steps.getFirst();
        }

        Found inside() {
            return new Found(cause, steps.subList(1, steps.size()));
        }
    }

    private Order() {}

    /** The same causes in Kubernetes' order. */
    static List<Cause> of(Resource resource, List<Cause> causes) {
        Optional<Type> type = BuiltInSchema.schema().type(resource).map(struct -> struct);
        return ordered(
                        causes.stream()
                                .map(cause -> new Found(cause, steps(cause.field())))
                                .toList(),
                        type)
                .stream()
                .map(Found::cause)
                .toList();
    }

    private static List<Found> ordered(List<Found> found, Optional<Type> type) {
        if (found.size() < 2) {
            return found;
        }
        List<String> fields = fields(type);
        Map<String, List<Found>> byStep = new LinkedHashMap<>();
        found.forEach(each -> byStep.computeIfAbsent(each.step(fields), key -> new ArrayList<>())
                .add(each));
        Map<String, Iterator<Found>> inside = new HashMap<>();
        byStep.forEach((step, all) -> inside.put(step, orderedInside(step, all, type)));
        boolean wholeFirst = byStep.keySet().iterator().next().equals(ITSELF);
        return found.stream()
                .map(each -> each.step(fields))
                .sorted(Comparator.comparingInt(step -> rank(step, fields, wholeFirst)))
                .map(step -> Objects.requireNonNull(inside.get(step)).next())
                .toList();
    }

    private static Iterator<Found> orderedInside(String step, List<Found> found, Optional<Type> type) {
        if (step.equals(ITSELF)) {
            return found.iterator();
        }
        List<Found> further = found.stream().map(Found::inside).toList();
        return ordered(further, type.flatMap(outer -> inside(outer, step))).iterator();
    }

    private static List<String> fields(Optional<Type> type) {
        return type.filter(Type.Struct.class::isInstance)
                .map(struct -> FIELDS.getOrDefault(simpleName(((Type.Struct) struct).name()), List.<String>of()))
                .orElse(List.of());
    }

    /** Elements by their numbers, fields as the table has them, and then the others. */
    private static int rank(String step, List<String> fields, boolean wholeFirst) {
        if (step.startsWith("[")) {
            String number = step.substring(1, step.length() - 1);
            return number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : Integer.MAX_VALUE;
        }
        if (fields.contains(step)) {
            return fields.indexOf(step);
        }
        boolean first = wholeFirst && step.equals(ITSELF);
        return first ? -1 : fields.contains(OTHERS) ? fields.indexOf(OTHERS) : Integer.MAX_VALUE;
    }

    private static Optional<Type> inside(Type type, String step) {
        return switch (type) {
            case Type.Struct struct ->
                Optional.ofNullable(struct.fields().get(step)).map(field -> field.type());
            case Type.ListOf list -> Optional.of(list.element());
            case Type.MapOf map -> Optional.of(map.value());
            case Type.Scalar _ -> Optional.empty();
        };
    }

    /** {@code spec}, {@code ports}, {@code [0]}, {@code name} of {@code spec.ports[0].name}; a key may have dots. */
    private static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        int start = 0;
        boolean key = false;
        for (int i = 0; i <= path.length(); i++) {
            char next = i < path.length() ? path.charAt(i) : '.';
            if (next == ']' && key) {
                key = false;
                steps.add(path.substring(start, i + 1));
                start = i + 1;
            } else if (!key && (next == '.' || next == '[')) {
                if (i > start) {
                    steps.add(path.substring(start, i));
                }
                key = next == '[';
                start = key ? i : i + 1;
            }
        }
        return steps;
    }

    private static String simpleName(String definition) {
        return definition.substring(definition.lastIndexOf('.') + 1);
    }
}
