package io.jollyboat.server.http;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The pages that are no resources: version, health, the list of paths. */
final class Pages {
    static final String PLATFORM = "linux/" + (System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64");

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
        answers.tree(call, version);
    }

    void paths(Call call) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode list = root.putArray("paths");
        paths.get().stream().sorted().forEach(list::add);
        answers.tree(call, root);
    }

    /** In the order in which they are told; a server that is about to end is alive but not ready. */
    private Map<String, BooleanSupplier> checks(String page) {
        Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
        checks.put("ping", () -> true);
        checks.putAll(backend.checks());
        if (page.equals("readyz")) {
            checks.put("shutdown", () -> !stopping.getAsBoolean());
        }
        return checks;
    }

    /** {@code /healthz}, {@code /livez}, {@code /readyz}, and single checks behind them. */
    void health(Call call) throws IOException {
        List<String> segments = call.request().segments();
        String page = segments.getFirst();
        Map<String, BooleanSupplier> checks = checks(page);
        if (segments.size() > 1) {
            String name = String.join("/", segments.subList(1, segments.size()));
            BooleanSupplier check = checks.get(name);
            if (check == null) {
                throw Statuses.noSuchPath();
            }
            checks = Map.of(name, check);
        }
        List<String> excluded = call.query().all("exclude");
        StringBuilder lines = new StringBuilder();
        boolean well = true;
        for (Map.Entry<String, BooleanSupplier> check : checks.entrySet()) {
            boolean passes =
                    excluded.contains(check.getKey()) || check.getValue().getAsBoolean();
            well &= passes;
            lines.append(passes ? "[+]" : "[-]").append(check.getKey());
            lines.append(
                    excluded.contains(check.getKey())
                            ? " excluded: ok\n"
                            : passes ? " ok\n" : " failed: reason withheld\n");
        }
        String end = page + " check " + (well ? "passed\n" : "failed\n");
        call.response().status(well ? 200 : 500);
        call.response().header("x-content-type-options", "nosniff");
        answers.text(call, well && !call.query().has("verbose") ? "ok" : lines + end);
    }
}
