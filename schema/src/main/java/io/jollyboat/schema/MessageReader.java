package io.jollyboat.schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the messages of a proto file back out of the Java source that protoc made from it.
 *
 * <p>Protoc writes for each message an interface whose methods carry, in their comments, the field's own comment and
 * its declaration between {@code <code>} marks; then the class, with the message's comment. All else is skipped.
 */
final class MessageReader {
    private static final String INTERFACE = "@@protoc_insertion_point(interface_extends:";
    private static final String CLASS = "   * Protobuf type {@code ";
    private static final Pattern FIELD =
            Pattern.compile("<code>(optional |repeated |required )?(map<.*>|[\\w.]+) (\\w+) = (\\d+);</code>");

    private final Map<String, Message> messages = new LinkedHashMap<>();
    private List<String> comment = new ArrayList<>();
    private String current = "";
    private boolean inInterface;
    private Map<Integer, Message.Entry> entries = new LinkedHashMap<>();

    private MessageReader() {}

    static List<Message> read(BufferedReader source) throws IOException {
        MessageReader reader = new MessageReader();
        for (String line; (line = source.readLine()) != null; ) {
            reader.line(line);
        }
        return List.copyOf(reader.messages.values());
    }

    private void line(String line) {
        int mark = line.indexOf(INTERFACE);
        if (mark >= 0) {
            current = line.substring(mark + INTERFACE.length(), line.lastIndexOf(')'));
            entries = new LinkedHashMap<>();
            inInterface = true;
        } else if (line.equals("    /**") || line.equals("  /**")) {
            comment = new ArrayList<>();
        } else if (inInterface) {
            insideInterface(line);
        } else if (line.startsWith(CLASS)) {
            String name = line.substring(CLASS.length(), line.lastIndexOf('}'));
            if (name.equals(current)) {
                messages.putIfAbsent(name, new Message(name, comment, List.copyOf(entries.values())));
            }
        } else if (line.startsWith("   * ") || line.equals("   *")) {
            keep(line.substring(4));
        }
    }

    private void insideInterface(String line) {
        if (line.equals("  }")) {
            inInterface = false;
        } else if (line.contains("<code>")) {
            Matcher field = FIELD.matcher(plain(line));
            if (field.find()) {
                boolean repeated = "repeated ".equals(field.group(1));
                int number = Integer.parseInt(field.group(4));
                entries.putIfAbsent(
                        number, new Message.Entry(field.group(3), field.group(2), repeated, number, comment));
            }
        } else if (line.startsWith("     *")) {
            keep(line.substring(6));
        }
    }

    private void keep(String text) {
        String line = plain(text.startsWith(" ") ? text.substring(1) : text);
        if (!line.equals("<pre>") && !line.equals("</pre>") && !line.equals("/")) {
            comment.add(line);
        }
    }

    /** Takes back protoc's escapes for Javadoc. */
    private static String plain(String text) {
        return text.indexOf('&') < 0
                ? text
                : text.replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&#64;", "@")
                        .replace("&#42;", "*")
                        .replace("&#47;", "/")
                        .replace("&#92;", "\\")
                        .replace("&quot;", "\"")
                        .replace("&amp;", "&");
    }
}
