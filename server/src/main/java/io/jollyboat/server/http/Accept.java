package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.codec.Format;
import io.jollyboat.api.codec.Protobuf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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

    private static final String ONLY = "only the following media types are accepted: ";
    private static final String OFFERED = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
    private static final String STREAMED =
            "application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch";

    private static final Set<String> STREAMS = Set.of("", "watch");

    /** All entries, the most wanted first; an absent header accepts everything. */
    static List<Accept> parse(String header) {
        List<Accept> entries = new ArrayList<>();
        for (String part : header.split(",")) {
            if (!part.isBlank()) {
                entries.add(entry(part));
            }
        }
        if (entries.isEmpty()) {
            entries.add(new Accept("*/*", Map.of(), 1));
        }
        entries.sort(Comparator.comparingDouble(Accept::quality).reversed());
        return entries;
    }

    private static Accept entry(String text) {
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
    private boolean isServed() {
        String stream = parameters.getOrDefault("stream", "");
        return quality > 0 && isKnown() && (isYaml() ? stream.isEmpty() : STREAMS.contains(stream));
    }

    private boolean isYaml() {
        return type.equals(Format.YAML.mediaType());
    }

    private boolean isKnown() {
        return switch (type) {
            case "*/*",
                    "application/*",
                    "application/json",
                    "application/vnd.kubernetes.protobuf",
                    "application/yaml" -> true;
            default -> false;
        };
    }

    /**
     * Whether the client takes protobuf and no JSON. Who takes both gets JSON, which is sent as it is stored: protobuf
     * would be made anew for each answer.
     */
    static boolean onlyProtobuf(String header) {
        return onlyProtobuf(header, entry -> true);
    }

    /** As above, for a failure, which has no other forms than the plain one. */
    static boolean failuresInProtobuf(String header) {
        return onlyProtobuf(header, entry -> entry.as().isEmpty());
    }

    private static boolean onlyProtobuf(String header, Predicate<Accept> counts) {
        List<Accept> taken =
                parse(header).stream().filter(Accept::isServed).filter(counts).toList();
        return !taken.isEmpty() && taken.stream().allMatch(entry -> entry.type.equals(Protobuf.mediaType()));
    }

    /** Whether a failure, which has no other forms than the plain one, is best told in YAML. */
    static boolean failuresInYaml(String header) {
        return parse(header).stream()
                .filter(entry -> entry.isServed() && entry.as().isEmpty())
                .findFirst()
                .filter(Accept::isYaml)
                .isPresent();
    }

    /** 406: which words depends on whether the media types or their parameters are at fault. */
    private static StatusException notAcceptable(String header) {
        boolean known = parse(header).stream().anyMatch(Accept::isKnown);
        return StatusException.of(
                Reason.NOT_ACCEPTABLE,
                known
                        ? ONLY + OFFERED
                        : "406: Not Acceptable\n\nAvailable representations: " + OFFERED + ", " + STREAMED);
    }

    private String as() {
        return parameters.getOrDefault("as", "");
    }

    /** What the first entry that can be served wants. */
    private record Choice(Form form, boolean yaml) {}

    /**
     * The form of the first entry that can be served.
     *
     * @param tables whether what is answered has a table: a review of access, which is never stored, has none
     * @throws StatusException NotAcceptable when none can
     */
    static Form form(String header, boolean tables) {
        return choice(header, tables, true)
                .orElseThrow(() -> notAcceptable(header))
                .form();
    }

    /** As above, for a watch, which has no YAML. */
    static Form streamForm(String header) {
        return choice(header, true, false)
                .orElseThrow(() -> choice(header, true, true).isPresent()
                        ? StatusException.of(Reason.NOT_ACCEPTABLE, ONLY + STREAMED)
                        : notAcceptable(header))
                .form();
    }

    /** Whether the first entry that can be served wants YAML. */
    static boolean yaml(String header, boolean tables) {
        return choice(header, tables, true).filter(Choice::yaml).isPresent();
    }

    private static Optional<Choice> choice(String header, boolean tables, boolean yaml) {
        return parse(header).stream()
                .filter(entry -> entry.isServed() && (yaml || !entry.isYaml()))
                .flatMap(entry -> entry.form(tables).map(form -> new Choice(form, entry.isYaml())).stream())
                .findFirst();
    }

    private Optional<Form> form(boolean tables) {
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

    /** Whether the aggregated discovery document is wanted before the plain one. */
    static boolean aggregated(String header) {
        for (Accept entry : parse(header)) {
            if (entry.isServed()) {
                if (!entry.isYaml()
                        && entry.as().equals("APIGroupDiscoveryList")
                        && entry.parameters.getOrDefault("g", "").equals("apidiscovery.k8s.io")
                        && entry.parameters.getOrDefault("v", "").equals("v2")) {
                    return true;
                }
                if (entry.as().isEmpty()) {
                    return false;
                }
            }
        }
        throw StatusException.of(Reason.NOT_ACCEPTABLE, ONLY + OFFERED);
    }

    /** Whether some entry asks for indented JSON. */
    static boolean pretty(String header) {
        return parse(header).stream()
                .anyMatch(entry -> entry.parameters.getOrDefault("pretty", "").equals("1")
                        || entry.parameters.getOrDefault("pretty", "").equals("true"));
    }
}
