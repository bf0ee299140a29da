package io.jollyboat.api.openapi;

import io.jollyboat.api.codec.Sink;
import io.jollyboat.api.kinds.TextTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes OpenAPI documents as the protobuf messages that gnostic has for them, by a table of the messages' fields. Older
 * clients ask for documents in this form.
 *
 * <p>Source: gnostic-models, OpenAPIv2.proto and OpenAPIv3.proto.
 */
final class Messages {
    private static final JsonMapper JSON = new JsonMapper();
    private static final DumpSettings BLOCKS = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setSplitLines(false)
            .build();
    private static final String ITSELF = ".";

    private final Map<String, Message> messages = new HashMap<>();

    /** What can stand in one field of a message. */
    private record Slot(int number, Many many, String type) {
        static Slot of(List<String> row) {
            String type = row.get(2);
            Many many = type.startsWith("[") ? Many.LIST : type.startsWith("{") ? Many.PAIRS : Many.ONE;
            return new Slot(Integer.parseInt(row.get(1)), many, many == Many.ONE ? type : type.substring(1));
        }
    }

    /** How often a field's type stands in it. */
    private enum Many {
        ONE,
        LIST,
        /** A message whose first field repeats names with their values. */
        PAIRS
    }

    /** A kind of message. */
    private sealed interface Message {
        /**
         * @param named by their whole names
         * @param prefixes by how names begin, in the order in which to look
         */
        record Struct(Map<String, Slot> named, Map<String, Slot> prefixes) implements Message {}

        /** One field, chosen by the value; which one it is must be told even where the value is a zero. */
        record Choice(Map<String, Slot> options) implements Message {}
    }

    private Messages(String table) {
        TextTable.sections(Messages.class, table).forEach((heading, rows) -> {
            boolean choice = heading.startsWith("either ");
            messages.put(heading.substring(choice ? "either ".length() : 0), choice ? choice(rows) : struct(rows));
        });
        messages.values().forEach(this::check);
    }

    /** The document of version 2 or 3 as a message. */
    static byte[] of(JsonNode document) {
        Messages messages = document.has("swagger") ? Old.MESSAGES : Current.MESSAGES;
        return messages.new Writing().message("Document", document).toBytes();
    }

    /** Each table is read when the first client asks. */
    private static final class Old {
        static final Messages MESSAGES = new Messages("messages-2.txt");
    }

    private static final class Current {
        static final Messages MESSAGES = new Messages("messages-3.txt");
    }

    private static Message.Struct struct(List<List<String>> rows) {
        Map<String, Slot> named = new HashMap<>();
        Map<String, Slot> prefixes = new LinkedHashMap<>();
        for (List<String> row : rows) {
            String name = row.getFirst();
            if (name.endsWith("*")) {
                prefixes.put(name.substring(0, name.length() - 1), Slot.of(row));
            } else {
                named.put(name, Slot.of(row));
            }
        }
        return new Message.Struct(named, prefixes);
    }

    private static Message.Choice choice(List<List<String>> rows) {
        Map<String, Slot> options = new LinkedHashMap<>();
        rows.forEach(row -> options.put(row.getFirst(), Slot.of(row)));
        return new Message.Choice(options);
    }

    private void check(Message message) {
        List<Slot> slots = new ArrayList<>();
        switch (message) {
            case Message.Struct(var named, var prefixes) -> {
                slots.addAll(named.values());
                slots.addAll(prefixes.values());
            }
            case Message.Choice(var options) -> slots.addAll(options.values());
        }
        for (Slot slot : slots) {
            switch (slot.type()) {
                case "text", "flag", "number", "integer", "any" -> {}
                default -> the(slot.type());
            }
        }
    }

    private Message the(String type) {
        return Optional.ofNullable(messages.get(type))
                .orElseThrow(() -> new IllegalStateException("the tables of messages do not say what " + type + " is"));
    }

    private static boolean holds(String condition, JsonNode value) {
        String[] words = condition.split("[ =]");
        return switch (words[0]) {
            case "else" -> true;
            case "has" -> value.has(words[1]);
            case "is" ->
                switch (words[1]) {
                    case "flag" -> value.isBoolean();
                    case "number" -> value.isNumber();
                    default -> value.isString();
                };
            default -> value.path(words[0]).asString("").equals(words[1]);
        };
    }

    /** The writing of one document; it remembers the YAML of its few different extensions. */
    private final class Writing {
        private final Map<JsonNode, String> yaml = new HashMap<>();

        Sink message(String type, JsonNode value) {
            Sink sink = new Sink();
            switch (the(type)) {
                case Message.Struct struct -> struct(sink, struct, value);
                case Message.Choice(var options) ->
                    options.entrySet().stream()
                            .filter(option -> holds(option.getKey(), value))
                            .findFirst()
                            .ifPresent(option -> field(sink, option.getValue(), value, true));
            }
            return sink;
        }

        private void struct(Sink sink, Message.Struct struct, JsonNode value) {
            Slot whole = struct.named().get(ITSELF);
            if (whole != null) {
                field(sink, whole, value, false);
                return;
            }
            value.properties().forEach(property -> {
                String name = property.getKey();
                Slot slot = struct.named().get(name);
                if (slot != null) {
                    field(sink, slot, property.getValue(), false);
                    return;
                }
                struct.prefixes().entrySet().stream()
                        .filter(prefix -> name.startsWith(prefix.getKey()))
                        .findFirst()
                        .ifPresent(found -> pair(sink, found.getValue(), name, property.getValue()));
            });
        }

        private void field(Sink sink, Slot slot, JsonNode value, boolean evenZero) {
            switch (slot.many()) {
                case ONE -> one(sink, slot, value, evenZero);
                case LIST -> {
                    List<JsonNode> elements =
                            value.isArray() ? value.valueStream().toList() : List.of(value);
                    elements.forEach(element -> one(sink, slot, element, true));
                }
                case PAIRS -> {
                    Sink pairs = new Sink();
                    Slot each = new Slot(1, Many.ONE, slot.type());
                    value.properties().forEach(property -> pair(pairs, each, property.getKey(), property.getValue()));
                    sink.message(slot.number(), pairs);
                }
            }
        }

        private void pair(Sink sink, Slot slot, String name, JsonNode value) {
            Sink pair = new Sink();
            pair.text(1, name);
            one(pair, new Slot(2, Many.ONE, slot.type()), value, true);
            sink.message(slot.number(), pair);
        }

        private void one(Sink sink, Slot slot, JsonNode value, boolean evenZero) {
            int number = slot.number();
            switch (slot.type()) {
                case "text" -> {
                    String text = value.asString("");
                    if (evenZero || !text.isEmpty()) {
                        sink.text(number, text);
                    }
                }
                case "flag" -> {
                    if (evenZero || value.asBoolean(false)) {
                        sink.varint(number, value.asBoolean(false) ? 1 : 0);
                    }
                }
                case "integer" -> sink.varint(number, value.asLong(0));
                case "number" -> sink.fixed64(number, Double.doubleToLongBits(value.asDouble(0)));
                case "any" -> {
                    Sink any = new Sink();
                    any.text(2, yaml.computeIfAbsent(value, Writing::yaml));
                    sink.message(number, any);
                }
                default -> sink.message(number, message(slot.type(), value));
            }
        }

        private static String yaml(JsonNode value) {
            return new Dump(BLOCKS).dumpToString(JSON.treeToValue(value, Object.class));
        }
    }
}
