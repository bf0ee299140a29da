package io.jollyboat.api.codec;

import io.jollyboat.api.Trees;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.StreamDataWriter;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.emitter.Emitter;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.ImplicitTuple;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes trees as YAML as Kubernetes does: fields in the order of their names, lists as deep as their field, texts bare where
 * a reader of YAML 1.1 takes them for texts.
 */
public final class YamlText {
    /** What readers take for a moment: a date, with a time of day or without. */
    private static final Pattern TIME = Pattern.compile(
            "\\d{4}-\\d{1,2}-\\d{1,2}([Tt ]\\d{1,2}:\\d{1,2}:\\d{1,2}(\\.\\d+)?(Z|[-+]\\d\\d:\\d\\d)?)?");
    /** What readers of old take for a number of base 60. */
    private static final Pattern SIXTIES = Pattern.compile("[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\\.[0-9_]*)?");

    /** Readers of old see the end of a line in them. */
    private static final Pattern OLD_BREAK = Pattern.compile("[\\x{85}\\x{2028}\\x{2029}]");

    private static final Pattern NO_NUMBER = Pattern.compile("[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
    private static final DumpSettings SETTINGS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setUseUnicodeEncoding(true)
            .build();
    private static final ImplicitTuple UNTAGGED = new ImplicitTuple(true, true);

    private final Emitter emitter;

    private YamlText(Emitter emitter) {
        this.emitter = emitter;
    }

    /**
     * Writes one document and flushes; does not close the target.
     *
     * @throws IOException of the target
     */
    public static void write(OutputStream target, JsonNode tree) throws IOException {
        Writer writer = new OutputStreamWriter(target, StandardCharsets.UTF_8);
        try {
            Emitter emitter = new Emitter(SETTINGS, new Stream(writer));
            emitter.emit(new StreamStartEvent());
            emitter.emit(new DocumentStartEvent(false, Optional.empty(), Map.of()));
            new YamlText(emitter).value(tree, 0);
            emitter.emit(new DocumentEndEvent(false));
            emitter.emit(new StreamEndEvent());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        writer.flush();
    }

    private record Stream(Writer writer) implements StreamDataWriter {
        @Override
        public void write(String text) {
            write(text, 0, text.length());
        }

        @Override
        public void write(String text, int from, int length) {
            try {
                writer.write(text, from, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void value(JsonNode node, int depth) {
        if (depth > Trees.MOST_LEVELS) {
            throw new IllegalStateException("deeper than any object may be: " + depth + " levels");
        }
        if (node instanceof ObjectNode object) {
            mapping(object, depth);
        } else if (node.isArray()) {
            emitter.emit(new SequenceStartEvent(Optional.empty(), Optional.empty(), true, style(node)));
            node.forEach(item -> value(item, depth + 1));
            emitter.emit(new SequenceEndEvent());
        } else if (node.isString()) {
            text(node.stringValue());
        } else {
            scalar(node.toString(), ScalarStyle.PLAIN);
        }
    }

    private void mapping(ObjectNode object, int depth) {
        emitter.emit(new MappingStartEvent(Optional.empty(), Optional.empty(), true, style(object)));
        // a tree of them, for the order is not always transitive, which sorting would refuse
        Map<String, JsonNode> sorted = new TreeMap<>(YamlText::compare);
        object.forEachEntry(sorted::put);
        sorted.forEach((name, field) -> {
            text(name);
            value(field, depth + 1);
        });
        emitter.emit(new MappingEndEvent());
    }

    private static FlowStyle style(JsonNode node) {
        return node.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK;
    }

    private void text(String text) {
        if (OLD_BREAK.matcher(text).find()) {
            scalar(text, ScalarStyle.DOUBLE_QUOTED);
        } else if (text.indexOf('\n') >= 0) {
            scalar(text, ScalarStyle.LITERAL);
        } else {
            scalar(text, isText(text) ? ScalarStyle.PLAIN : ScalarStyle.DOUBLE_QUOTED);
        }
    }

    /** The emitter takes a stricter style where a text would not survive in this one. */
    private void scalar(String text, ScalarStyle style) {
        emitter.emit(new ScalarEvent(Optional.empty(), Optional.empty(), UNTAGGED, text, style));
    }

    /** Whether a reader takes a bare word for a text, and for nothing else. */
    private static boolean isText(String word) {
        return !word.equals("<<")
                && !NO_NUMBER.matcher(word).matches()
                && !TIME.matcher(word).matches()
                && !SIXTIES.matcher(word).matches()
                && YamlScalars.plain(word).isString();
    }

    /** As people sort: numbers inside of names by their size, signs before digits before letters. */
    static int compare(String left, String right) {
        int[] a = left.codePoints().toArray();
        int[] b = right.codePoints().toArray();
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            if (a[i] != b[i]) {
                boolean letter = Character.isLetter(a[i]);
                return letter == Character.isLetter(b[i])
                        ? letter ? Integer.compare(a[i], b[i]) : compareNumbers(a, b, i)
                        : letter ? 1 : -1;
            }
        }
        return Integer.compare(a.length, b.length);
    }

    /** From the first place at which they differ; where one has a zero there, digits before it make both longer. */
    private static int compareNumbers(int[] a, int[] b, int from) {
        boolean inside = (a[from] == '0' || b[from] == '0') && followsNumber(a, from);
        long start = inside ? 1 : 0;
        int endA = digits(a, from);
        int endB = digits(b, from);
        int byValue = Long.compare(number(a, from, endA, start), number(b, from, endB, start));
        if (byValue != 0) {
            return byValue;
        }
        return endA == endB ? Integer.compare(a[from], b[from]) : Integer.compare(endA, endB);
    }

    private static boolean followsNumber(int[] text, int end) {
        for (int i = end - 1; i >= 0 && Character.isDigit(text[i]); i--) {
            if (text[i] != '0') {
                return true;
            }
        }
        return false;
    }

    private static int digits(int[] text, int from) {
        int end = from;
        while (end < text.length && Character.isDigit(text[end])) {
            end++;
        }
        return end;
    }

    private static long number(int[] text, int from, int end, long start) {
        long value = start;
        for (int i = from; i < end; i++) {
            value = value * 10 + (text[i] - '0');
        }
        return value;
    }
}
