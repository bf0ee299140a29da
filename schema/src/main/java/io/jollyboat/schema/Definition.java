package io.jollyboat.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One type of the table, as it is written.
 *
 * @param marks such as {@code atomic} or {@code scalar=TIME}
 */
record Definition(String name, List<String> marks, String description, List<Row> rows) {
    /**
     * One field.
     *
     * @param type {@code string}, {@code [T} for a list, {@code {T} for a map with text keys, or a definition's name
     * @param number in protobuf, 0 where it has none
     * @param marks {@code !} required, {@code *} pointer, {@code key=name} and so on; see the module's README
     */
    record Row(String name, String type, int number, List<String> marks, String description) {
        Row {
            marks = List.copyOf(marks);
        }

        Row with(List<String> more) {
            List<String> all = new ArrayList<>(marks);
            more.stream().filter(m -> !all.contains(m)).forEach(all::add);
            return new Row(name, type, number, all, description);
        }

        Row described(String text) {
            return new Row(name, type, number, marks, text);
        }

        String line(String home) {
            String number = this.number == 0 ? "" : " #" + this.number;
            String marks = this.marks.stream().map(m -> " " + m).collect(Collectors.joining());
            return " " + name + " " + shortened(type, home) + number + marks;
        }
    }

    Definition {
        marks = List.copyOf(marks);
        rows = List.copyOf(rows);
    }

    String home() {
        return name.substring(0, name.lastIndexOf('.') + 1);
    }

    String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The lines of the table, rows in the order of the source. */
    String text() {
        StringBuilder text = new StringBuilder(name);
        marks.forEach(mark -> text.append(' ').append(mark));
        text.append('\n');
        rows.forEach(row -> text.append(row.line(home())).append('\n'));
        return text.toString();
    }

    /** The lines of the descriptions' resource. */
    String descriptions() {
        StringBuilder text = new StringBuilder(name)
                .append('\t')
                .append(escaped(description))
                .append('\n');
        rows.stream()
                .filter(row -> !row.description().isEmpty())
                .sorted(Comparator.comparing(Row::name))
                .forEach(row -> text.append(' ')
                        .append(row.name())
                        .append('\t')
                        .append(escaped(row.description()))
                        .append('\n'));
        return text.toString();
    }

    private static String shortened(String type, String home) {
        int start = type.startsWith("[") || type.startsWith("{") ? 1 : 0;
        if (start == 1 && type.length() > 1 && "[{".indexOf(type.charAt(1)) >= 0) {
            return type.charAt(0) + shortened(type.substring(1), home);
        }
        boolean near = type.startsWith(home, start) && type.indexOf('.', start + home.length()) < 0;
        return near ? type.substring(0, start) + type.substring(start + home.length()) : type;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t");
    }
}
