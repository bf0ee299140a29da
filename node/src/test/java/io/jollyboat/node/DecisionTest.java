package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.node.Known.Failure;
import io.jollyboat.node.Known.Health;
import io.jollyboat.node.Observed.Run;
import io.jollyboat.node.Observed.Sandbox;
import io.jollyboat.node.Observed.State;
import io.jollyboat.node.Plan.Action;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The decisions of {@code decisions.txt}. */
class DecisionTest {
    private static final Instant NOW = Instant.ofEpochSecond(1000);

    @TestFactory
    Stream<DynamicTest> decisions() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (InputStream in = DecisionTest.class.getResourceAsStream("decisions.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String rest = line.length() > 6 ? line.substring(6).strip() : "";
                    String word = line.substring(0, Math.min(5, line.length())).strip();
                    if (word.equals("case")) {
                        cases.add(new Case(rest));
                    } else {
                        cases.getLast().take(word, rest);
                    }
                }
            }
        }
        assertThat(cases).hasSizeGreaterThan(30);
        return cases.stream().map(each -> DynamicTest.dynamicTest(each.name, each::check));
    }

    private static final class Case {
        private final String name;
        private ObjectNode pod;
        private final List<Sandbox> boxes = new ArrayList<>();
        private final List<Run> runs = new ArrayList<>();
        private final List<String> known = new ArrayList<>();
        private final List<String> actions = new ArrayList<>();
        private final Map<String, String> waiting = new HashMap<>();
        private String again = "";

        Case(String name) {
            this.name = name;
        }

        void take(String word, String rest) {
            String[] part = rest.split(" ");
            switch (word) {
                case "pod" -> pod = whole(SmallNode.json(rest));
                case "box" ->
                    boxes.add(new Sandbox(part[0], Integer.parseInt(part[1]), part[2].equals("ready"), List.of()));
                case "run" -> runs.add(run(part));
                case "known" -> known.addAll(List.of(part));
                case "do" -> actions.add(rest);
                case "wait" -> waiting.put(part[0], part[1]);
                case "again" -> again = rest;
                default -> throw new IllegalArgumentException(word);
            }
        }

        private static ObjectNode whole(ObjectNode given) {
            if (given.has("metadata")) {
                return given;
            }
            ObjectNode pod = SmallNode.json("{metadata:{name:'p',namespace:'n',uid:'u'}}");
            pod.set("spec", given);
            return pod;
        }

        private static Run run(String[] part) {
            Instant end = NOW.minusSeconds(Long.parseLong(part[6]));
            State state = State.valueOf(part[4].toUpperCase(Locale.ROOT));
            return new Run(
                    part[0],
                    part[1],
                    part[2],
                    Integer.parseInt(part[3]),
                    state,
                    Instant.EPOCH,
                    end,
                    Integer.parseInt(part[5]),
                    "",
                    "",
                    "i",
                    "sha");
        }

        void check() {
            Plan plan = Decision.decide(new Pod(pod), new Observed(boxes, runs), new Words(known).known(), false, NOW);
            List<String> wanted = actions.equals(List.of("none")) ? List.of() : actions;
            assertThat(plan.actions().stream().map(Case::text)).containsExactlyElementsOf(wanted);
            Map<String, String> reasons = new HashMap<>();
            plan.waiting().forEach((container, why) -> reasons.put(container, why.reason()));
            assertThat(reasons).isEqualTo(waiting);
            if (!again.isEmpty()) {
                assertThat(plan.again()).contains(Duration.ofSeconds(Long.parseLong(again)));
            }
        }

        private static String text(Action action) {
            return switch (action) {
                case Action.MountVolumes mount -> "MountVolumes";
                case Action.RunSandbox run -> "RunSandbox " + run.attempt();
                case Action.FetchImage fetch -> "FetchImage " + fetch.container();
                case Action.Start start -> "Start " + start.container() + " " + start.attempt();
                case Action.Stop stop ->
                    "Stop " + stop.run() + " " + stop.grace().toSeconds();
                case Action.Resize resize -> "Resize " + resize.run();
                case Action.Forget forget -> "Forget " + forget.run();
                case Action.StopSandbox stop -> "StopSandbox " + stop.sandbox();
                case Action.Finish finish -> "Finish";
            };
        }
    }

    /** Reads what is remembered. */
    private static final class Words {
        private boolean volumes;
        private final Set<String> images = new HashSet<>();
        private final Set<String> fetching = new HashSet<>();
        private final Map<String, Failure> pulls = new HashMap<>();
        private final Map<String, Failure> errors = new HashMap<>();
        private final Map<String, BackOff> restarts = new HashMap<>();
        private final Map<String, Duration> stopping = new HashMap<>();
        private final Map<String, Health> health = new HashMap<>();
        private final Map<String, Integer> counts = new HashMap<>();
        private final Map<String, JsonNode> given = new HashMap<>();
        private Optional<Resizing.Obstacle> obstacle = Optional.empty();
        private String evicted = "";
        private String last = "";

        Words(List<String> words) {
            words.stream().filter(word -> !word.isEmpty()).forEach(this::take);
        }

        private void take(String word) {
            String[] part = word.substring(word.indexOf('=') + 1).split(":");
            switch (word.replaceFirst("=.*", "")) {
                case "volumes" -> volumes = true;
                case "image" -> images.add(part[0]);
                case "fetching" -> fetching.add(part[0]);
                case "pull" -> pulls.put(part[0], failure(part));
                case "error" -> errors.put(part[0], failure(part));
                case "backoff" ->
                    restarts.put(
                            part[0], new BackOff(seconds(part[1]), Instant.ofEpochSecond(Long.parseLong(part[2]))));
                case "stopping" -> stopping.put(part[0], seconds(part[1]));
                case "dead" -> health.put(part[0], new Health(true, true, false, "failed liveness probe"));
                case "unstarted" -> health.put(part[0], new Health(false, false, true, ""));
                case "count" -> counts.put(part[0], Integer.parseInt(part[1]));
                case "given" -> given.put(part[0], SmallNode.json("{requests:{cpu:'" + part[1] + "'}}"));
                case "obstacle" -> obstacle = Optional.of(new Resizing.Obstacle(part[0], "words"));
                case "evicted" -> evicted = part[0];
                case "final" -> last = part[0];
                default -> throw new IllegalArgumentException(word);
            }
        }

        private static Failure failure(String[] part) {
            return new Failure(part[1], "words", NOW.minus(seconds(part[2])), seconds(part[3]));
        }

        private static Duration seconds(String text) {
            return Duration.ofSeconds(Long.parseLong(text));
        }

        Known known() {
            return new Known(
                    Instant.EPOCH,
                    volumes,
                    images,
                    fetching,
                    pulls,
                    errors,
                    restarts,
                    stopping,
                    Set.of(),
                    health,
                    counts,
                    given,
                    obstacle,
                    evicted,
                    last);
        }
    }
}
