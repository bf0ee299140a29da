package io.jollyboat.api.codec;

import io.jollyboat.api.Trees;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.snakeyaml.engine.v2.api.ConstructNode;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.Schema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads YAML into JSON trees: anchors, merge keys and bare words by the rules of Kubernetes' own reader. */
final class YamlBody {
    /** A text may be this long. */
    static final int TEXT_LIMIT = 16 * 1024 * 1024;
    /** A document may grow to this many values once its aliases are written out, so that none can fill the memory. */
    static final int NODE_LIMIT = 1_000_000;
    /** No more of them come from aliases: a text without any holds no more values than characters. */
    static final int ALIASED_LIMIT = 100_000;

    /** Marks a bare word, whose meaning {@link YamlScalars} tells. */
    private static final Tag WORD = new Tag("!word");

    private static final Set<Tag> PLAIN = Set.of(WORD, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<String> duplicates = new ArrayList<>();
    private final int most;
    private int count;

    private YamlBody(String text) {
        most = Math.min(NODE_LIMIT, text.length() + ALIASED_LIMIT);
    }

    /** One document of a text. @param line where it begins, from 1 */
    record Document(int line, JsonNode tree, List<String> duplicates) {}

    /** Tells bare words from quoted ones and leaves the rest to {@link YamlScalars}. */
    private static final class WordSchema implements Schema {
        @Override
        public ScalarResolver getScalarResolver() {
            return (text, bare) -> bare ? WORD : Tag.STR;
        }

        @Override
        public Map<Tag, ConstructNode> getSchemaTagConstructors() {
            return Map.of();
        }
    }

    /** The first document of a body. */
    static JsonBody.Parsed parse(String text) {
        List<Document> documents = documents(text, 1);
        if (documents.isEmpty()) {
            return new JsonBody.Parsed(NODES.nullNode(), List.of());
        }
        List<String> repeated = documents.getFirst().duplicates();
        return new JsonBody.Parsed(
                documents.getFirst().tree(),
                repeated.isEmpty() ? List.of() : List.of(Decoded.REPEATED + "\n  " + String.join("\n  ", repeated)));
    }

    /** At most {@code limit} documents. */
    static List<Document> documents(String text, int limit) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new WordSchema())
                .setCodePointLimit(TEXT_LIMIT)
                .setMaxAliasesForCollections(1000)
                .build();
        try {
            List<Document> found = new ArrayList<>();
            Iterator<Node> nodes = new Composer(
                    settings, new ShallowParser(new ParserImpl(settings, new StreamReader(settings, text))));
            while (found.size() < limit && nodes.hasNext()) {
                Node node = nodes.next();
                YamlBody reader = new YamlBody(text);
                found.add(new Document(line(node), reader.value(node, 0), reader.duplicates));
            }
            return found;
        } catch (MarkedYamlEngineException e) {
            throw new SyntaxException("yaml: " + YamlFault.of(e));
        } catch (YamlEngineException e) {
            throw new SyntaxException("yaml: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            // of the reader's own: an escape without its digits, or of no character
            throw new SyntaxException("yaml: did not find expected hexdecimal number");
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private JsonNode value(Node node, int depth) {
        if (++count > most) {
            throw new SyntaxException("yaml: document contains excessive aliasing");
        }
        if (depth > Trees.MOST_LEVELS) {
            throw new SyntaxException("yaml: exceeded max depth of " + Trees.MOST_LEVELS + " at line " + line(node));
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> {
                ArrayNode array = NODES.arrayNode();
                for (Node item : sequence.getValue()) {
                    array.add(value(item, depth + 1));
                }
                yield array;
            }
            case MappingNode mapping -> mapping(mapping, depth);
            default -> throw new SyntaxException("yaml: line " + line(node) + ": an alias that names nothing");
        };
    }

    private ObjectNode mapping(MappingNode mapping, int depth) {
        ObjectNode own = NODES.objectNode();
        ObjectNode merged = NODES.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            if (isMerge(entry.getKeyNode())) {
                merge(merged, value(entry.getValueNode(), depth + 1), line(entry.getKeyNode()));
                continue;
            }
            String key = key(entry.getKeyNode());
            if (own.has(key) && duplicates.size() < JsonBody.DUPLICATES_LIMIT) {
                duplicates.add("line " + line(entry.getKeyNode()) + ": key \"" + key + "\" already set in map");
            }
            own.set(key, value(entry.getValueNode(), depth + 1));
        }
        for (Map.Entry<String, JsonNode> entry : merged.properties()) {
            if (!own.has(entry.getKey())) {
                own.set(entry.getKey(), entry.getValue());
            }
        }
        return own;
    }

    private static boolean isMerge(Node key) {
        return key instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && scalar.getValue().equals("<<");
    }

    /** The first of several that are merged wins. */
    private static void merge(ObjectNode into, JsonNode from, int line) {
        if (from instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                if (!into.has(entry.getKey())) {
                    into.set(entry.getKey(), entry.getValue());
                }
            }
        } else if (from instanceof ArrayNode list && list.valueStream().allMatch(JsonNode::isObject)) {
            list.forEach(each -> merge(into, each, line));
        } else {
            throw new SyntaxException(
                    "yaml: line " + line + ": map merge requires map or sequence of maps as the value");
        }
    }

    private static String key(Node node) {
        if (node instanceof ScalarNode scalar) {
            JsonNode value = scalar(scalar);
            return value.isString() ? value.stringValue() : value.toString();
        }
        throw new SyntaxException("yaml: line " + line(node) + ": invalid map key: it must be a plain value");
    }

    private static JsonNode scalar(ScalarNode scalar) {
        if (!JsonBody.sound(scalar.getValue()).equals(scalar.getValue())) {
            throw new SyntaxException("yaml: line " + line(scalar) + ": found invalid Unicode character escape code");
        }
        return PLAIN.contains(scalar.getTag())
                ? YamlScalars.plain(scalar.getValue())
                : NODES.stringNode(scalar.getValue());
    }
}
