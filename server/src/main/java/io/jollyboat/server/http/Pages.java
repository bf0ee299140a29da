package io.jollyboat.server.http;

import io.jollyboat.api.GoText;
import io.jollyboat.api.kinds.TextTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The pages that are no resources: version, health, the list of paths. */
final class Pages {
    static final String PLATFORM = "linux/" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");

    private static final List<List<String>> HEALTH = TextTable.rows(Pages.class, "health.txt");
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+).*");

    private final Backend backend;
    private final Answers answers;
    private final ObjectNode version;
    private final Supplier<List<String>> paths;
    private final BooleanSupplier stopping;

    /**
     * @param paths that answer something by themselves
     * @param stopping whether the server is about to end
     */
    Pages(Backend backend, Answers answers, String gitVersion, Supplier<List<String>> paths, BooleanSupplier stopping) {
        this.stopping = stopping;
        this.backend = backend;
        this.answers = answers;
        this.version = version(gitVersion);
        this.paths = paths;
    }

    /** Clients compare major and minor as plain numbers. */
    static ObjectNode version(String gitVersion) {
        Matcher numbers = VERSION.matcher(gitVersion);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("a version must look like v1.35.0, not " + gitVersion);
        }
        String major = numbers.group(1);
        String minor = numbers.group(2);
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", major)
                .put("minor", minor)
                .put("emulationMajor", major)
                .put("emulationMinor", minor)
                .put("minCompatibilityMajor", major)
                .put("minCompatibilityMinor", String.valueOf(Integer.parseInt(minor) - 1))
                .put("gitVersion", gitVersion)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "java" + Runtime.version().feature())
                .put("compiler", "javac")
                .put("platform", PLATFORM);
    }

    void version(Call call) throws IOException {
        call.accepts().demand("application/json");
        answers.page(call, version);
    }

    void paths(Call call) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode list = root.putArray("paths");
        Set<String> all = new TreeSet<>(paths.get());
        for (String page : List.of("healthz", "livez", "readyz")) {
            checks(page).keySet().forEach(check -> all.add("/" + page + "/" + check));
        }
        all.forEach(list::add);
        answers.page(call, root);
    }

    /** In the order in which they are told; a server that is about to end is alive but not ready. */
    private Map<String, BooleanSupplier> checks(String page) {
        Map<String, BooleanSupplier> own = new HashMap<>(backend.checks());
        own.put("shutdown", () -> !stopping.getAsBoolean());
        Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
        for (List<String> row : HEALTH) {
            if (row.size() == 1 || row.get(1).equals(page)) {
                checks.put(row.getFirst(), own.getOrDefault(row.getFirst(), () -> true));
            }
        }
        return checks;
    }

    /** {@code /healthz}, {@code /livez}, {@code /readyz}, and single checks behind them. */
    void health(Call call) throws IOException {
        List<String> segments = call.request().segments();
        Map<String, BooleanSupplier> checks = checks(segments.getFirst());
        if (segments.size() == 1) {
            all(call, segments.getFirst(), checks);
            return;
        }
        String name = String.join("/", segments.subList(1, segments.size()));
        BooleanSupplier check = checks.get(name);
        if (check == null) {
            answers.nobodys(call.response());
        } else if (check.getAsBoolean()) {
            answers.text(call, "ok");
        } else {
            call.response().status(500).header("x-content-type-options", "nosniff");
            answers.text(call, "internal server error: " + name + " failed\n");
        }
    }

    private void all(Call call, String page, Map<String, BooleanSupplier> checks) throws IOException {
        Set<String> excluded = new TreeSet<>(call.query().all("exclude"));
        StringBuilder lines = new StringBuilder();
        boolean well = true;
        for (Map.Entry<String, BooleanSupplier> check : checks.entrySet()) {
            boolean left = excluded.contains(check.getKey());
            boolean passes = left || check.getValue().getAsBoolean();
            well &= passes;
            lines.append(passes ? "[+]" : "[-]").append(check.getKey());
            lines.append(left ? " excluded: ok\n" : passes ? " ok\n" : " failed: reason withheld\n");
        }
        excluded.removeAll(checks.keySet());
        if (!excluded.isEmpty()) {
            String unknown = excluded.stream().map(GoText::quoted).collect(Collectors.joining(","));
            lines.append("warn: some health checks cannot be excluded: no matches for %s\n".formatted(unknown));
        }
        String end = page + " check " + (well ? "passed\n" : "failed\n");
        call.response().status(well ? 200 : 500).header("x-content-type-options", "nosniff");
        answers.text(call, well && !call.query().has("verbose") ? "ok" : lines + end);
    }
}
