package io.jollyboat.server.validation;

import io.jollyboat.api.Meta;
import io.jollyboat.api.NameRules;
import io.jollyboat.api.Resource;
import io.jollyboat.api.kinds.Parts;
import io.jollyboat.api.kinds.Path;
import io.jollyboat.api.kinds.TextTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import tools.jackson.databind.node.ObjectNode;

/**
 * What users are told of an object that is taken: what no longer works, what hides or doubles something else. The simple
 * things stand in {@code advice.txt}.
 *
 * <p>Source: the warnings of Kubernetes' strategies, in pkg/registry and pkg/api.
 */
public final class Advice {
    private static final String IN_POD_NAMES =
            "metadata.name: this is used in Pod names and hostnames, which can result in"
                    + " surprising behavior; a DNS label is recommended: ";
    private static final String IN_HOSTNAME = "metadata.name: this is used in the Pod's hostname, which can result in"
            + " surprising behavior; a DNS label is recommended: ";
    private static final String POD = "v1 Pod";
    private static final String MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";

    /** Kinds whose names others use, and what is told of a name that does not suit. */
    private static final Map<String, String> NAMES = Map.of(
            POD,
            IN_HOSTNAME,
            "apps/v1 Deployment",
            IN_POD_NAMES,
            "apps/v1 ReplicaSet",
            IN_POD_NAMES,
            "v1 ReplicationController",
            IN_POD_NAMES,
            "batch/v1 Job",
            IN_POD_NAMES,
            "batch/v1 CronJob",
            IN_POD_NAMES);

    private static final Map<String, BiConsumer<Place, Told>> OF_KIND = Map.ofEntries(
            Map.entry("v1 Service", ServiceAdvice::service),
            Map.entry("v1 Endpoints", ServiceAdvice::endpoints),
            Map.entry("discovery.k8s.io/v1 EndpointSlice", ServiceAdvice::slice),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", ServiceAdvice::policy),
            Map.entry("v1 Node", ServiceAdvice::node),
            Map.entry("v1 Secret", SecretAdvice::secret),
            Map.entry("apps/v1 StatefulSet", StorageAdvice::statefulSet),
            Map.entry("v1 PersistentVolume", StorageAdvice::volume),
            Map.entry("v1 PersistentVolumeClaim", StorageAdvice::claim),
            Map.entry("storage.k8s.io/v1 StorageClass", StorageAdvice::storageClass),
            Map.entry("storage.k8s.io/v1 CSIStorageCapacity", StorageAdvice::capacity),
            Map.entry("node.k8s.io/v1 RuntimeClass", StorageAdvice::runtimeClass));

    /** Told of new objects only. */
    private static final Map<String, BiConsumer<Place, Told>> OF_CREATION = Map.of(
            "networking.k8s.io/v1 Ingress", ServiceAdvice::ingress,
            "discovery.k8s.io/v1 EndpointSlice", ServiceAdvice::addressType,
            "v1 ResourceQuota", StorageAdvice::quota);

    private static final Map<String, List<Row>> TABLE = read();

    private Advice() {}

    /** A row of the table: {@code key} in the map at {@code path}, or the field itself where that is "". */
    private record Row(Path path, String key, String words, String shown) {
        static Row of(List<String> columns) {
            String path = columns.get(0);
            int open = path.endsWith("]") ? path.indexOf('[') : -1;
            return new Row(
                    Path.of(open < 0 ? path : path.substring(0, open)),
                    open < 0 ? "" : path.substring(open + 1, path.length() - 1),
                    columns.get(1),
                    columns.size() > 2 ? columns.get(2) : "");
        }

        void look(Place holder, Told told) {
            path.each(holder.node(), holder.path(), (at, node) -> {
                Place found = new Place(at, node, holder.causes());
                if (key.isEmpty()) {
                    String last = path.leaf();
                    String end = shown.isEmpty() ? last : shown;
                    told.say(at.substring(0, at.length() - last.length()) + end + ": " + words);
                } else if (node.has(key)) {
                    told.say(found.key(key), words);
                }
            });
        }
    }

    private static Map<String, List<Row>> read() {
        Map<String, List<Row>> table = new HashMap<>();
        TextTable.sections(Advice.class, "advice.txt")
                .forEach((subject, rows) ->
                        table.put(subject, rows.stream().map(Row::of).toList()));
        return table;
    }

    /**
     * @param before what is stored, empty for a new object
     * @return each thing to be told, once
     */
    public static List<String> of(Resource resource, ObjectNode after, Optional<ObjectNode> before) {
        Told told = new Told();
        String subject = Parts.subject(resource);
        Place whole = new Place("", after, new ArrayList<>());
        boolean creates = before.isEmpty();
        if (creates && NAMES.containsKey(subject)) {
            name(Meta.name(after), NAMES.get(subject), told);
        }
        if (!subject.equals(POD)) {
            table(subject, whole, told);
        }
        OF_KIND.getOrDefault(subject, (place, nothing) -> {}).accept(whole, told);
        if (creates) {
            OF_CREATION.getOrDefault(subject, (place, nothing) -> {}).accept(whole, told);
        } else {
            changed(subject, whole, told);
        }
        switch (subject) {
            case "v1 ServiceAccount" -> account(whole, before, told);
            case "storage.k8s.io/v1 CSIDriver" -> StorageAdvice.driver(whole, before, told);
            default -> {}
        }
        if (creates || !subject.equals(POD) && !generation(after).equals(generation(before.get()))) {
            pods(resource, whole, after, told);
        }
        return told.texts().stream().distinct().toList();
    }

    /** What is told of a status that is written through its subresource: of addresses only. */
    public static List<String> ofStatus(Resource resource, ObjectNode after) {
        Told told = new Told();
        Place status = new Place("", after, new ArrayList<>()).at("status");
        switch (Parts.subject(resource)) {
            case POD -> {
                for (String field : List.of("podIPs", "hostIPs")) {
                    status.each(field).forEach(address -> AddressAdvice.ip(address.at("ip"), told));
                }
            }
            case "v1 Service" -> {
                for (Place point : status.at("loadBalancer").each("ingress")) {
                    // told of the element, as in Kubernetes
                    AddressAdvice.ip(point.at("ip").toldAs(point.path()), told);
                }
            }
            default -> {}
        }
        return told.texts();
    }

    private static String generation(ObjectNode object) {
        return object.path("metadata").path("generation").asString("");
    }

    private static void name(String name, String words, Told told) {
        List<String> wrong = NameRules.dnsLabel(name);
        if (!wrong.isEmpty()) {
            told.say(words + "[" + String.join(" ", wrong) + "]");
        }
    }

    private static void table(String subject, Place whole, Told told) {
        TABLE.getOrDefault(subject, List.of()).forEach(row -> row.look(whole, told));
    }

    private static void changed(String subject, Place whole, Told told) {
        if (subject.equals("batch/v1 CronJob")
                && whole.at("spec").text("schedule").contains("TZ")) {
            told.say("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see"
                    + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
        }
    }

    private static void account(Place account, Optional<ObjectNode> before, Told told) {
        Place mark = account.in("metadata", "annotations").key(MOUNTABLE);
        boolean had = before.filter(stored -> Meta.annotations(stored).containsKey(MOUNTABLE))
                .isPresent();
        if (mark.isThere() && !had) {
            told.say(mark, "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets");
        }
    }

    private static void pods(Resource resource, Place whole, ObjectNode object, Told told) {
        String subject = Parts.subject(resource);
        if (subject.equals(POD)) {
            pod(whole, told);
        }
        Parts.each(resource, object, "PodTemplateSpec", (at, node) -> {
            Place template = new Place(at, node, whole.causes());
            pod(template, told);
        });
        Parts.each(
                resource, object, "Volume", (at, node) -> table("Volume", new Place(at, node, whole.causes()), told));
        if (subject.startsWith("batch/v1 ")) {
            Place spec = whole.at("spec");
            StorageAdvice.job(subject.equals("batch/v1 Job") ? spec : spec.in("jobTemplate", "spec"), told);
        }
    }

    private static void pod(Place holder, Told told) {
        table("PodTemplateSpec", holder, told);
        PodAdvice.look(holder.at("metadata"), holder.at("spec"), told);
        PortAdvice.look(holder.at("spec"), told);
        Place grace = holder.in("spec", "terminationGracePeriodSeconds");
        if (grace.number() < 0) {
            told.say(grace, "must be >= 0; negative values are invalid and will be treated as 1");
        }
        PathAdvice.look(holder.at("spec"), told);
        PodAdvice.appArmor(holder, told);
    }
}
