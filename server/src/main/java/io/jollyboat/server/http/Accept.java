package io.jollyboat.server.http;

import io.jollyboat.api.codec.Format;
import io.jollyboat.api.codec.Protobuf;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One entry of an {@code Accept} header (RFC 9110, 12.5.1).
 *
 * @param type such as {@code application/json}, in lower case
 * @param parameters without {@code q}
 */
record Accept(String type, Map<String, String> parameters, double quality) {
    /** The forms in which an object may be asked for. */
    enum Form {
        PLAIN,
        TABLE,
        METADATA,
        DISCOVERY
    }

    static final Accept ANYTHING = new Accept("*/*", Map.of(), 1);

    private static final Set<String> STREAMS = Set.of("", "watch");

    static Accept of(String text) {
        String[] pieces = text.split(";", -1);
        Map<String, String> parameters = new HashMap<>();
        double quality = 1;
        for (int i = 1; i < pieces.length; i++) {
            int equals = pieces[i].indexOf('=');
            String name = (equals < 0 ? pieces[i] : pieces[i].substring(0, equals)).strip();
            String value = equals < 0 ? "" : pieces[i].substring(equals + 1).strip();
            if (name.equals("q")) {
                quality = number(value);
            } else {
                parameters.put(name, value);
            }
        }
        return new Accept(pieces[0].strip().toLowerCase(Locale.ROOT), parameters, quality);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Whether it can be served. Clients that ask for protobuf read the Content-Type of the answer, so JSON may serve them too. */
    boolean isServed() {
        String stream = parameters.getOrDefault("stream", "");
        return quality > 0 && isKnown() && (isYaml() ? stream.isEmpty() : STREAMS.contains(stream));
    }

    boolean isYaml() {
        return type.equals(Format.YAML.mediaType());
    }

    boolean isKnown() {
        return switch (type) {
            case "*/*",
                    "application/*",
                    "application/json",
                    "application/vnd.kubernetes.protobuf",
                    "application/yaml" -> true;
            default -> false;
        };
    }

    String as() {
        return parameters.getOrDefault("as", "");
    }

    /** The form that it asks for, if that can be had. */
    Optional<Form> form(boolean tables) {
        String version = parameters.getOrDefault("v", "v1");
        boolean meta = parameters.getOrDefault("g", "").equals("meta.k8s.io")
                && (version.equals("v1") || version.equals("v1beta1"));
        return switch (as()) {
            case "" -> Optional.of(Form.PLAIN);
            case "Table" -> meta && tables ? Optional.of(Form.TABLE) : Optional.empty();
            case "PartialObjectMetadata", "PartialObjectMetadataList" ->
                meta ? Optional.of(Form.METADATA) : Optional.empty();
            default -> Optional.empty();
        };
    }

    boolean isProtobuf() {
        return type.equals(Protobuf.mediaType());
    }

    /** Whether it asks for the aggregated discovery document. */
    boolean isAggregated() {
        return as().equals("APIGroupDiscoveryList")
                && parameters.getOrDefault("g", "").equals("apidiscovery.k8s.io")
                && parameters.getOrDefault("v", "").equals("v2");
    }

    boolean isPretty() {
        String pretty = parameters.getOrDefault("pretty", "");
        return pretty.equals("1") || pretty.equals("true");
    }
}
