package io.jollyboat.server.http.turns;

import io.jollyboat.server.User;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which flow and priority level a request belongs to: {@code levels.txt} and {@code flows.txt}, the first row that
 * matches counts.
 *
 * <p>Source: Kubernetes, "API Priority and Fairness", the mandatory and the suggested objects.
 */
final class FlowTable {
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String ANY = "*";

    private final Map<String, Level> levels = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();

    private FlowTable() {}

    /** What tells the flows of one row apart. */
    private enum By {
        USER,
        NAMESPACE,
        NOTHING
    }

    private record Row(String schema, Level level, By by, Set<String> who, Set<String> verbs, Set<String> what) {
        boolean matches(Asked asked) {
            return (verbs.contains(ANY) || verbs.contains(asked.verb()))
                    && (what.contains(ANY) || what.contains(asked.what()))
                    && who.stream().anyMatch(one -> isMeant(one, asked.user()));
        }

        private static boolean isMeant(String who, User user) {
            String name = who.substring(who.indexOf(':') + 1);
            return switch (who.substring(0, who.indexOf(':'))) {
                case "user" -> user.name().equals(name);
                case "accounts" -> user.name().startsWith(ACCOUNT + name + ":");
                default -> name.equals(ANY) || user.groups().contains(name);
            };
        }
    }

    static FlowTable builtIn() {
        FlowTable table = new FlowTable();
        for (String[] columns : columns("levels.txt")) {
            int queues = Integer.parseInt(columns[2]);
            int hand = Integer.parseInt(columns[3]);
            int length = Integer.parseInt(columns[4]);
            table.levels.put(
                    columns[0], new Level(columns[0], Integer.parseInt(columns[1]), hand * length, queues * length));
        }
        for (String[] columns : columns("flows.txt")) {
            table.rows.add(new Row(
                    columns[0],
                    table.level(columns[1]),
                    By.valueOf(columns[2].toUpperCase(java.util.Locale.ROOT)),
                    Set.of(columns[3].split(",")),
                    Set.of(columns[4].split(",")),
                    Set.of(columns[5].split(","))));
        }
        return table;
    }

    private static List<String[]> columns(String table) {
        try (InputStream in = FlowTable.class.getResourceAsStream(table)) {
            if (in == null) {
                throw new IllegalStateException(table + " is missing from the server module");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" +"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Level level(String name) {
        Level level = levels.get(name);
        if (level == null) {
            throw new IllegalStateException("flows.txt names a level that levels.txt lacks: " + name);
        }
        return level;
    }

    List<Level> levels() {
        return List.copyOf(levels.values());
    }

    /** Which flow a request belongs to; the last row takes everybody. */
    Flow flow(Asked asked) {
        Row row = rows.stream().filter(r -> r.matches(asked)).findFirst().orElseThrow();
        String name = switch (row.by()) {
            case USER -> asked.user().name();
            case NAMESPACE -> asked.namespace();
            case NOTHING -> "";
        };
        return new Flow(row.schema(), row.level(), name);
    }
}
