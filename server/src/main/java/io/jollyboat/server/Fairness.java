package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The PriorityLevelConfigurations and FlowSchemas that say whose request goes first, as they are at one moment.
 *
 * @param levels PriorityLevelConfigurations; nobody may change them
 * @param schemas FlowSchemas; nobody may change them
 */
public record Fairness(List<ObjectNode> levels, List<ObjectNode> schemas) {
    static final Resource LEVEL = Resources.kind("flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration");
    static final Resource SCHEMA = Resources.kind("flowcontrol.apiserver.k8s.io/v1", "FlowSchema");

    private static final Fairness USUAL = read();

    public Fairness {
        levels = List.copyOf(levels);
        schemas = List.copyOf(schemas);
    }

    /**
     * Kubernetes' mandatory and suggested ones, without UIDs, for no server has made them.
     *
     * <p>Source: Kubernetes concepts, "API Priority and Fairness", and what a cluster of 1.35 has after its start.
     */
    public static Fairness usual() {
        return USUAL;
    }

    /** Whether Kubernetes cannot be without it: it is made again and put right, whatever anybody says. */
    public static boolean isMandatory(JsonNode object) {
        return Meta.name(object).equals("exempt") || Meta.name(object).equals("catch-all");
    }

    private static Fairness read() {
        List<ObjectNode> all = JsonMapper.shared().readTree(Texts.whole("fairness.json")).values().stream()
                .map(ObjectNode.class::cast)
                .toList();
        return new Fairness(of(LEVEL, all), of(SCHEMA, all));
    }

    private static List<ObjectNode> of(Resource resource, List<ObjectNode> all) {
        return all.stream()
                .filter(object -> Meta.kind(object).equals(resource.kind()))
                .toList();
    }
}
