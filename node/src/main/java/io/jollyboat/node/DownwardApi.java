package io.jollyboat.node;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Quantity;
import io.jollyboat.node.Pod.Container;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a Pod can learn of itself (Kubernetes' documentation, "Downward API"). */
final class DownwardApi {
    private static final Pattern ENTRY = Pattern.compile("metadata\\.(labels|annotations)\\['(.*)'\\]");
    private static final BigDecimal MILLI = new BigDecimal("0.001");

    private final Pod pod;
    private final NodeHost host;
    private final Capacity capacity;
    private final List<String> podAddresses;

    /** @param podAddresses none while the Pod has none */
    DownwardApi(Pod pod, NodeHost host, Capacity capacity, List<String> podAddresses) {
        this.pod = pod;
        this.host = host;
        this.capacity = capacity;
        this.podAddresses = List.copyOf(podAddresses);
    }

    /** The value of a field; a whole map of labels or annotations as lines {@code key="value"}. */
    String field(String path) {
        Matcher entry = ENTRY.matcher(path);
        if (entry.matches()) {
            return map(entry.group(1)).getOrDefault(entry.group(2), "");
        }
        return switch (path) {
            case "metadata.name" -> pod.name();
            case "metadata.namespace" -> pod.namespace();
            case "metadata.uid" -> pod.uid();
            case "metadata.labels" -> lines(map("labels"));
            case "metadata.annotations" -> lines(map("annotations"));
            case "spec.nodeName" -> host.name();
            case "spec.serviceAccountName" ->
                pod.spec().path("serviceAccountName").stringValue("default");
            case "status.hostIP" -> host.address();
            case "status.hostIPs" -> String.join(",", host.addresses());
            case "status.podIP" -> podAddresses().stream().findFirst().orElse("");
            case "status.podIPs" -> String.join(",", podAddresses());
            default -> throw ConfigException.config("unsupported fieldPath: " + path);
        };
    }

    private List<String> podAddresses() {
        return pod.hostNetwork() ? host.addresses() : podAddresses;
    }

    private Map<String, String> map(String which) {
        return which.equals("labels") ? Meta.labels(pod.object()) : Meta.annotations(pod.object());
    }

    private static String lines(Map<String, String> map) {
        var text = new StringBuilder();
        new TreeMap<>(map)
                .forEach((key, value) -> text.append(text.isEmpty() ? "" : "\n")
                        .append(key)
                        .append("=\"")
                        .append(value.replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n"))
                        .append('"'));
        return text.toString();
    }

    /** A container's request or limit in units of the divisor, rounded up; a missing limit is what the node has. */
    String resource(JsonNode reference, String defaultContainer) {
        String name = reference.path("containerName").stringValue(defaultContainer);
        Container container =
                pod.container(name).orElseThrow(() -> ConfigException.config("container " + name + " not found"));
        String[] path = reference.path("resource").stringValue("").split("\\.", 2);
        if (path.length < 2) {
            throw ConfigException.config("unsupported container resource : " + path[0]);
        }
        JsonNode resources = container.spec().path("resources");
        Optional<Quantity> amount = Allowance.quantity(resources, path[0], path[1]);
        if (path[0].equals("limits")) {
            amount = amount.or(() -> capacity.of(path[1]));
        }
        JsonNode given = reference.path("divisor");
        BigDecimal divisor = Quantity.parse(
                        given.isNumber() ? given.numberValue().toString() : given.stringValue("1"))
                .filter(quantity -> !quantity.isZero())
                .map(Quantity::value)
                .orElse(BigDecimal.ONE);
        BigDecimal value = amount.map(Quantity::value).orElse(BigDecimal.ZERO);
        BigDecimal least = path[1].equals("cpu") && divisor.compareTo(MILLI) > 0 ? divisor : MILLI;
        return value.divide(least.max(divisor), 0, RoundingMode.CEILING).toPlainString();
    }
}
