package io.jollyboat.schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A class of the published Java client, made from Kubernetes' OpenAPI document: says JSON names, what is required,
 * and descriptions.
 */
record Model(String description, Map<String, Property> properties) {
    /** One property by its JSON name. */
    record Property(String name, boolean required, String description) {}

    /** Finds the property for a protobuf field, whose name may differ in case and signs ({@code aPIGroup}, {@code ref}). */
    Optional<Property> like(String protobufName) {
        Property exact = properties.get(protobufName);
        return exact != null
                ? Optional.of(exact)
                : properties.values().stream()
                        .filter(p -> letters(p.name()).equals(letters(protobufName)))
                        .findFirst();
    }

    private static String letters(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }

    static Model read(BufferedReader source) throws IOException {
        Map<String, String> constants = new LinkedHashMap<>();
        Map<String, Property> properties = new LinkedHashMap<>();
        String description = "";
        String text = "";
        for (String line; (line = source.readLine()) != null; ) {
            String code = line.strip();
            if (code.startsWith("@ApiModel(description = ")) {
                description = literal(code);
            } else if (code.startsWith("public static final String SERIALIZED_NAME_")) {
                constants.put(code.substring(code.indexOf("SERIALIZED"), code.indexOf(" = ")), literal(code));
            } else if (code.startsWith("@SerializedName(")) {
                String name = constants.getOrDefault(code.substring(16, code.indexOf(')')), "");
                boolean required = String.valueOf(source.readLine()).contains("Nonnull");
                properties.put(name, new Property(name, required, ""));
            } else if (code.startsWith("@ApiModelProperty(")) {
                text = literal(code.substring(code.indexOf("value = ")));
            } else if (code.startsWith("public ") && code.contains(" get") && code.endsWith("() {")) {
                String getter = code.substring(code.indexOf(" get") + 4, code.indexOf("()"));
                String said = text;
                new Model("", properties)
                        .like(getter)
                        .ifPresent(p -> properties.put(p.name(), new Property(p.name(), p.required(), said)));
                text = "";
            }
        }
        return new Model(description, properties);
    }

    /** The Java string literal in a line. */
    private static String literal(String code) {
        int from = code.indexOf('"');
        int to = code.lastIndexOf('"');
        return from < 0 || to <= from ? "" : code.substring(from + 1, to).translateEscapes();
    }
}
