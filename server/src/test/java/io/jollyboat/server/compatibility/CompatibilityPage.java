package io.jollyboat.server.compatibility;

import io.jollyboat.api.Resource;
import io.jollyboat.api.kinds.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes {@code docs/compatibility.md} from the tables and from what came of the checks. */
final class CompatibilityPage {
    /** How the page is written anew. */
    static final String COMMAND = "./mvnw test -pl server -am -Dtest=CompatibilityTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false -Dcompatibility=write";

    private static final String COMPLETE = "✓";
    private static final String INCOMPLETE = "✗";
    private static final String NOT_OFFERED = "–";

    private final Map<Resource, Map<String, String>> results;
    private final StringBuilder page = new StringBuilder();

    CompatibilityPage(Map<Resource, Map<String, String>> results) {
        this.results = results;
    }

    String text() {
        line("# Compatibility with Kubernetes 1.35");
        line("");
        line(
                "Written by `CompatibilityTest` from the tables that the server works by and from what came of its checks. "
                        + "To write it anew:");
        line("");
        line("    " + COMMAND);
        line("");
        Words.sentences("summary").forEach(sentence -> line("- " + sentence));
        line("- " + counted());
        line("");
        line("## What is left out");
        line("");
        Words.sentences("left out").forEach(sentence -> line("- " + sentence));
        verbs();
        forms();
        tables();
        acting();
        return page.toString();
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private String counted() {
        long versions =
                results.keySet().stream().map(Resource::apiVersion).distinct().count();
        long all = results.values().stream().mapToLong(Map::size).sum();
        long wrong = results.values().stream()
                .flatMap(r -> r.values().stream())
                .filter(result -> !result.isEmpty())
                .count();
        long idle = results.keySet().stream()
                .filter(kind -> Words.acts(kind).getFirst().equals("nothing"))
                .count();
        return "%d kinds in %d groups and versions; of %d checks, %d hold and %d do not; nothing acts yet on %d kinds."
                .formatted(results.size(), versions, all, all - wrong, wrong, idle);
    }

    private void verbs() {
        line("");
        line("## Verbs");
        line("");
        line(COMPLETE + " complete, " + INCOMPLETE + " offered but incomplete, " + NOT_OFFERED
                + " not offered (nor by Kubernetes). Each " + COMPLETE + " stands for requests over HTTP with a valid "
                + "object of the kind:");
        line("");
        described(Checks.VERBS);
        line("");
        marks(Checks.VERBS);
    }

    private void described(List<Check> checks) {
        checks.forEach(
                check -> line("- **" + check.name() + "**: " + Words.checks().getOrDefault(check.name(), "")));
    }

    private void marks(List<Check> checks) {
        head(Stream.concat(Stream.of("kind"), checks.stream().map(Check::name)).toList());
        results.forEach((resource, result) ->
                row(Stream.concat(Stream.of(name(resource)), checks.stream().map(check -> mark(result, check.name())))
                        .toList()));
    }

    private static String mark(Map<String, String> result, String check) {
        String wrong = result.get(check);
        return wrong == null ? NOT_OFFERED : wrong.isEmpty() ? COMPLETE : INCOMPLETE;
    }

    private void forms() {
        line("");
        line("## Forms and refusals");
        line("");
        described(Checks.FORMS);
        line("");
        marks(Checks.FORMS);
    }

    private void tables() {
        line("");
        line("## Subresources, defaults, columns");
        line("");
        line(
                "Defaults: whether the server's tables fill in something of the kind or of what it shares with others, such "
                        + "as a Pod template. Columns with a star are shown with `-o wide`. Streams and proxies are tried here as far as it goes without a node; `StreamsTest` "
                        + "and `ProxyTest` try the rest.");
        line("");
        head(List.of("kind", "subresources", "defaults", "columns"));
        results.forEach((resource, result) -> row(List.of(
                name(resource),
                listed(resource.subresources().stream()
                        .map(s -> mark(result, "/" + s.name()) + " " + s.name())
                        .toList()),
                DefaultRules.fillIn(resource) ? COMPLETE : NOT_OFFERED,
                result.containsKey("table") ? columns(resource) : NOT_OFFERED)));
    }

    private static String columns(Resource resource) {
        return Tables.columns(resource).stream()
                .map(column -> column.name() + (column.priority() > 0 ? "*" : ""))
                .collect(Collectors.joining(", "));
    }

    private void acting() {
        line("");
        line("## What acts on each kind");
        line("");
        head(List.of("kind", "acts on it", "missing"));
        results.forEach((resource, result) -> {
            List<String> missing = new ArrayList<>(Words.lacks(resource));
            Words.incomplete(resource).forEach((check, why) -> missing.add(check + ": " + why));
            row(List.of(name(resource), String.join("; ", Words.acts(resource)), listed(missing)));
        });
    }

    private static String listed(List<String> texts) {
        return texts.isEmpty() ? "" : String.join("; ", texts);
    }

    private static String name(Resource resource) {
        return resource.apiVersion() + " **" + resource.kind() + "**";
    }

    private void head(List<String> columns) {
        row(columns);
        line("|" + "---|".repeat(columns.size()));
    }

    private void row(List<String> cells) {
        line("| " + String.join(" | ", cells) + " |");
    }
}
