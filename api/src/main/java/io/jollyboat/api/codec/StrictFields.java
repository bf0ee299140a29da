package io.jollyboat.api.codec;

import io.jollyboat.api.GoText;
import io.jollyboat.api.schema.Field;
import io.jollyboat.api.schema.Type;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Finds unknown and repeated fields of an object's text in one walk, in the order of the text as Kubernetes' decoder
 * tells them: a tree has forgotten where a field stood twice.
 */
public final class StrictFields {
    private static final int MOST = 100;

    private final JsonParser parser;
    private final Set<String> problems = new LinkedHashSet<>();

    private StrictFields(JsonParser parser) {
        this.parser = parser;
    }

    /** @param json an object without fault, of which at most the first hundred problems are told */
    public static List<String> problems(byte[] json, Type.Struct type) {
        try (JsonParser parser = JsonBody.parser(json)) {
            StrictFields walk = new StrictFields(parser);
            parser.nextToken();
            walk.value(type, "");
            return walk.problems.stream().limit(MOST).toList();
        }
    }

    private void value(Type type, String path) {
        JsonToken token = parser.currentToken();
        switch (type) {
            case Type.Struct struct when token == JsonToken.START_OBJECT -> struct(struct, path);
            case Type.MapOf map when token == JsonToken.START_OBJECT -> map(map.value(), path);
            case Type.ListOf list
            when token == JsonToken.START_ARRAY -> {
                for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                    value(list.element(), path + "[" + i + "]");
                }
            }
            case Type.Struct _, Type.MapOf _, Type.ListOf _, Type.Scalar _ -> parser.skipChildren();
        }
    }

    private void struct(Type.Struct struct, String path) {
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            String at = path.isEmpty() ? name : path + "." + name;
            Field field = struct.fields().get(name);
            if (field == null) {
                tell("unknown", at);
            } else if (!seen.add(name)) {
                tell("duplicate", at);
            }
            parser.nextToken();
            value(field == null ? Type.Scalar.ANY : field.type(), at);
        }
    }

    private void map(Type element, String path) {
        Set<String> seen = new HashSet<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String at = path + "." + parser.currentName();
            if (!seen.add(parser.currentName())) {
                tell("duplicate", at);
            }
            parser.nextToken();
            value(element, at);
        }
    }

    private void tell(String what, String path) {
        if (problems.size() < MOST) {
            problems.add(what + " field " + GoText.quoted(path));
        }
    }
}
