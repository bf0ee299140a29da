package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.controllers.Endpoint.Answer;
import io.jollyboat.controllers.EndpointSlice.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SlicesTest {
    private static final Slices.Outline OUTLINE = new Slices.Outline(Map.of("app", "a"), Map.of());
    private static final List<String> EMPTY = List.of(EndpointSlice.IPV4);

    @TestFactory
    Stream<DynamicTest> fewSlicesChange() {
        return Tables.rows("slices.txt").stream()
                .map(row -> DynamicTest.dynamicTest(row.getFirst(), () -> {
                    Slices.Plan plan = Slices.plan(slices(row.get(1)), wanted(row.get(2)), EMPTY, OUTLINE, 3);
                    assertThat(words(plan)).isEqualTo(row.get(3));
                    assertThat(plan.deletions().stream()
                                    .map(slice -> slice.metadata().key().name())
                                    .collect(Collectors.joining(" ")))
                            .isEqualTo(row.get(4).replace("-", ""));
                }));
    }

    @Test
    void withoutAFamilyThatHasAnEmptySliceNothingRemains() {
        Slices.Plan plan = Slices.plan(slices("a 80: 1"), Map.of(), List.of(), OUTLINE, 3);
        assertThat(plan.writes()).isEmpty();
        assertThat(plan.deletions()).hasSize(1);
    }

    @Test
    void whateverIsWantedIsThereOnceAndThenNothingIsLeftToDo() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            List<EndpointSlice> present = List.of();
            for (int round = 0; round < 10; round++) {
                Map<Group, List<Endpoint>> wanted = new LinkedHashMap<>();
                random.ints(random.nextInt(15), 1, 20)
                        .distinct()
                        .forEach(number -> wanted.computeIfAbsent(
                                        group(number % 4 == 0 ? "81" : "80"), group -> new ArrayList<>())
                                .add(endpoint(number + (random.nextBoolean() ? "!" : ""))));
                present = after(present, Slices.plan(present, wanted, EMPTY, OUTLINE, 3), round);
                Map<Group, List<Endpoint>> held = new HashMap<>();
                present.forEach(slice -> held.computeIfAbsent(slice.group(), group -> new ArrayList<>())
                        .addAll(slice.endpoints()));
                held.remove(group(""));
                assertThat(held.keySet()).as("seed %d", seed).isEqualTo(wanted.keySet());
                held.forEach((group, endpoints) ->
                        assertThat(endpoints).containsExactlyInAnyOrderElementsOf(wanted.get(group)));
                assertThat(present)
                        .isNotEmpty()
                        .allMatch(slice -> slice.endpoints().size() <= 3);
                assertThat(Slices.plan(present, wanted, EMPTY, OUTLINE, 3).isEmpty())
                        .isTrue();
            }
        }
    }

    private static List<EndpointSlice> after(List<EndpointSlice> before, Slices.Plan plan, int round) {
        List<EndpointSlice> after = new ArrayList<>(before);
        after.removeAll(plan.deletions());
        for (int i = 0; i < plan.writes().size(); i++) {
            Slices.Rewrite write = plan.writes().get(i);
            write.present().ifPresent(after::remove);
            String name =
                    write.present().map(slice -> slice.metadata().key().name()).orElse("new-" + round + "-" + i);
            after.add(slice(name, write.group(), OUTLINE.labels(), write.endpoints()));
        }
        return after;
    }

    private static String words(Slices.Plan plan) {
        if (plan.writes().isEmpty()) {
            return "-";
        }
        return plan.writes().stream()
                .map(write -> {
                    String name = write.present()
                            .map(slice -> slice.metadata().key().name())
                            .orElse("+");
                    String ports = write.group().ports().stream()
                            .map(port -> String.valueOf(port.number()))
                            .collect(Collectors.joining(" "));
                    String endpoints = write.endpoints().stream()
                            .map(endpoint -> endpoint.addresses().getFirst().replace("10.0.0.", "")
                                    + (endpoint.state().ready() == Answer.YES ? "" : "!"))
                            .collect(Collectors.joining(" "));
                    return (name + " " + ports + ": " + endpoints).strip();
                })
                .collect(Collectors.joining(", "));
    }

    private static List<EndpointSlice> slices(String column) {
        List<EndpointSlice> found = new ArrayList<>();
        for (String text : column.equals("-") ? new String[0] : column.split(", ")) {
            String[] parts = text.split(":", -1);
            String[] head = parts[0].strip().split(" ");
            found.add(slice(
                    head[0],
                    group(head.length > 1 ? head[1] : ""),
                    head.length > 2 ? Map.of("app", "b") : OUTLINE.labels(),
                    endpoints(parts[1])));
        }
        return found;
    }

    private static Map<Group, List<Endpoint>> wanted(String column) {
        Map<Group, List<Endpoint>> found = new LinkedHashMap<>();
        for (String text : column.equals("-") ? new String[0] : column.split(", ")) {
            String[] parts = text.split(":");
            found.put(group(parts[0]), endpoints(parts[1]));
        }
        return found;
    }

    private static EndpointSlice slice(String name, Group group, Map<String, String> labels, List<Endpoint> endpoints) {
        Metadata metadata =
                Metadata.of(SmallCluster.json("{metadata:{name:'%s',namespace:'n',uid:'%s'}}".formatted(name, name)));
        return new EndpointSlice(metadata, "1", labels, Map.of(), group, endpoints);
    }

    private static Group group(String port) {
        List<EndpointPort> ports =
                port.isEmpty() ? List.of() : List.of(new EndpointPort("", "TCP", Integer.parseInt(port), ""));
        return new Group(EndpointSlice.IPV4, ports);
    }

    private static List<Endpoint> endpoints(String text) {
        return Stream.of(text.strip().split(" "))
                .filter(word -> !word.isEmpty())
                .map(SlicesTest::endpoint)
                .toList();
    }

    private static Endpoint endpoint(String word) {
        String number = word.replace("!", "");
        Answer ready = Answer.of(number.equals(word));
        return new Endpoint(
                List.of("10.0.0." + number),
                new Endpoint.State(ready, ready, Answer.NO),
                "",
                "n1",
                "",
                Map.of("uid", number),
                List.of(),
                List.of());
    }

    @Test
    void aHundredAreInASlice() {
        List<Endpoint> many = IntStream.range(0, 250)
                .mapToObj(i -> endpoint(String.valueOf(i)))
                .toList();
        Slices.Plan plan = Slices.plan(List.of(), Map.of(group("80"), many), EMPTY, OUTLINE, Slices.MOST_ENDPOINTS);
        assertThat(plan.writes()).extracting(write -> write.endpoints().size()).containsExactly(100, 100, 50);
    }
}
