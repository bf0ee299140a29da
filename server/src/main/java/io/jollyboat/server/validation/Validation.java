package io.jollyboat.server.validation;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.kinds.Parts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what is wrong with an object that shall be stored; an empty list means that nothing is. Defaults are set
 * before, and what the server allocates is there.
 */
public final class Validation {
    /** The parts that several kinds share and that have rules. */
    private static final List<String> PARTS = List.of("PodSpec", "Container", "Probe", "Volume", "WantedDevices");

    private static final Map<String, Check> OF_KIND = Map.ofEntries(
            Map.entry("v1 Pod", PodChecks::pod),
            Map.entry("apps/v1 Deployment", WorkloadChecks::deployment),
            Map.entry("apps/v1 ReplicaSet", WorkloadChecks::replicaSet),
            Map.entry("apps/v1 StatefulSet", WorkloadChecks::statefulSet),
            Map.entry("apps/v1 DaemonSet", WorkloadChecks::daemonSet),
            Map.entry("v1 ReplicationController", WorkloadChecks::replicationController),
            Map.entry("batch/v1 Job", JobChecks::job),
            Map.entry("batch/v1 CronJob", JobChecks::cronJob),
            Map.entry("v1 Service", ServiceChecks::service),
            Map.entry("v1 Endpoints", EndpointChecks::endpoints),
            Map.entry("discovery.k8s.io/v1 EndpointSlice", EndpointChecks::slice),
            Map.entry("v1 ConfigMap", ConfigChecks::configMap),
            Map.entry("v1 Secret", ConfigChecks::secret),
            Map.entry("v1 ResourceQuota", QuotaChecks::quota),
            Map.entry("v1 LimitRange", QuotaChecks::limitRange),
            Map.entry("networking.k8s.io/v1 Ingress", NetworkChecks::ingress),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkChecks::policy),
            Map.entry("networking.k8s.io/v1 IPAddress", NetworkChecks::address),
            Map.entry("networking.k8s.io/v1 ServiceCIDR", NetworkChecks::serviceCidr),
            Map.entry("rbac.authorization.k8s.io/v1 Role", AccessChecks::role),
            Map.entry("rbac.authorization.k8s.io/v1 ClusterRole", AccessChecks::clusterRole),
            Map.entry("autoscaling/v1 HorizontalPodAutoscaler", ScalingChecks::autoscaler),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", ScalingChecks::autoscaler),
            Map.entry("policy/v1 PodDisruptionBudget", ScalingChecks::budget),
            Map.entry("v1 PersistentVolumeClaim", ClaimChecks::claim),
            Map.entry("v1 PersistentVolume", PersistentVolumeChecks::volume),
            Map.entry("v1 Event", EventChecks::event),
            Map.entry("events.k8s.io/v1 Event", EventChecks::newer),
            Map.entry("v1 Node", NodeChecks::node),
            Map.entry("scheduling.k8s.io/v1 PriorityClass", NodeChecks::priorityClass),
            Map.entry("certificates.k8s.io/v1 CertificateSigningRequest", CertificateChecks::request),
            Map.entry("apiextensions.k8s.io/v1 CustomResourceDefinition", DefinitionChecks::definition),
            Map.entry("flowcontrol.apiserver.k8s.io/v1 FlowSchema", FlowChecks::schema),
            Map.entry("flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration", FlowChecks::level),
            Map.entry("rbac.authorization.k8s.io/v1 RoleBinding", AccessChecks::roleBinding),
            Map.entry("rbac.authorization.k8s.io/v1 ClusterRoleBinding", AccessChecks::clusterRoleBinding),
            Map.entry("node.k8s.io/v1 RuntimeClass", NodeChecks::runtimeClass),
            Map.entry("v1 Namespace", NodeChecks::namespace),
            Map.entry("storage.k8s.io/v1 CSIDriver", StorageChecks::driver),
            Map.entry("storage.k8s.io/v1 CSINode", StorageChecks::node),
            Map.entry("storage.k8s.io/v1 CSIStorageCapacity", StorageChecks::capacity),
            Map.entry("storage.k8s.io/v1 VolumeAttachment", StorageChecks::attachment),
            Map.entry("storage.k8s.io/v1 VolumeAttributesClass", StorageChecks::attributesClass),
            Map.entry("storage.k8s.io/v1 StorageClass", StorageChecks::storageClass),
            Map.entry("resource.k8s.io/v1 DeviceClass", DeviceChecks::deviceClass),
            Map.entry("resource.k8s.io/v1 ResourceClaim", DeviceChecks::claim),
            Map.entry("resource.k8s.io/v1 ResourceClaimTemplate", DeviceChecks::template),
            Map.entry("resource.k8s.io/v1 ResourceSlice", DeviceChecks::slice));

    /** Asked of what the server generates, before all others. */
    private static final Map<String, Check> OF_GENERATED = Map.of("batch/v1 Job", JobChecks::generated);

    /** Asked of new objects only, with the others. */
    private static final Map<String, Check> OF_NEW = Map.of("apps/v1 StatefulSet", WorkloadChecks::statefulSetCreated);

    /** Of which a change is asked only what may change. */
    private static final Set<String> FREE_TO_CHANGE =
            Set.of("v1 Namespace", "networking.k8s.io/v1 ServiceCIDR", "scheduling.k8s.io/v1 PriorityClass");

    /** Asked of new objects only, after all others. */
    private static final Map<String, Check> OF_CREATION = Map.of(
            "batch/v1 Job", JobChecks::hostname,
            "v1 Pod", PodChecks::created,
            "apps/v1 ControllerRevision", WorkloadChecks::revisionCreated,
            "storage.k8s.io/v1 VolumeAttachment", StorageChecks::attachmentCreated,
            "autoscaling/v1 HorizontalPodAutoscaler", ScalingChecks::autoscalerCreated,
            "autoscaling/v2 HorizontalPodAutoscaler", ScalingChecks::autoscalerCreated,
            "events.k8s.io/v1 Event", EventChecks::created,
            "networking.k8s.io/v1 Ingress", NetworkChecks::ingressCreated);

    /** Of these Kubernetes first tells what may not change, and then what is wrong with the new object. */
    private static final Set<String> CHANGE_FIRST = Set.of(
            "v1 Service",
            "v1 ConfigMap",
            "v1 Secret",
            "apps/v1 DaemonSet",
            "storage.k8s.io/v1 VolumeAttributesClass",
            "networking.k8s.io/v1 IngressClass");

    /** Of these Kubernetes tells twice what is wrong with a changed object. */
    private static final Set<String> LOOKED_AT_TWICE = Set.of("v1 PersistentVolume", "batch/v1 Job");

    private static final Map<String, Check.OfChange> OF_CHANGE = Map.ofEntries(
            Map.entry("v1 Pod", PodChanges::pod),
            Map.entry("apps/v1 StatefulSet", WorkloadChecks::statefulSetChange),
            Map.entry("batch/v1 Job", JobChecks::jobChange),
            Map.entry("v1 Service", ServiceChecks::serviceChange),
            Map.entry("events.k8s.io/v1 Event", EventChecks::changed),
            Map.entry("autoscaling/v1 HorizontalPodAutoscaler", ScalingChecks::autoscalerChange),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", ScalingChecks::autoscalerChange),
            Map.entry("networking.k8s.io/v1 ServiceCIDR", NetworkChecks::serviceCidrChange),
            Map.entry("v1 ResourceQuota", QuotaChecks::change),
            Map.entry("storage.k8s.io/v1 CSIDriver", StorageChecks::driverChange),
            Map.entry("storage.k8s.io/v1 CSINode", StorageChecks::nodeChange),
            Map.entry("v1 PersistentVolumeClaim", ClaimChecks::change),
            Map.entry("v1 PersistentVolume", PersistentVolumeChecks::change));

    private Validation() {}

    /** What is wrong with a new object. */
    public static List<Cause> create(Resource resource, ObjectNode object) {
        return create(resource, resource, object);
    }

    /**
     * As above, of a kind that is stored in another version.
     *
     * @param asked the version of the request
     * @param resource the version of the object
     */
    public static List<Cause> create(Resource asked, Resource resource, ObjectNode object) {
        String subject = Parts.subject(asked);
        List<Cause> first = first(asked, object);
        List<Cause> content = new ArrayList<>();
        Place whole = new Place("", object, content);
        checkContent(asked, resource, whole, object);
        OF_NEW.getOrDefault(subject, place -> {}).check(whole);
        List<Cause> last = new ArrayList<>();
        OF_CREATION.getOrDefault(subject, place -> {}).check(new Place("", object, last));
        return both(both(first, Order.of(resource, content)), last);
    }

    private static List<Cause> first(Resource asked, ObjectNode object) {
        List<Cause> first = new ArrayList<>();
        Place whole = new Place("", object, first);
        Metadata.check(asked, whole.at("metadata"));
        OF_GENERATED.getOrDefault(Parts.subject(asked), place -> {}).check(whole);
        return first;
    }

    /**
     * What is wrong with a change.
     *
     * @param asked the version of the request
     * @param resource the version of the objects
     * @param newer what shall be stored
     * @param stored what is there
     * @param subresource "" for the object itself; a write to {@code status} is asked only what its kind says of it
     */
    public static List<Cause> update(
            Resource asked, Resource resource, ObjectNode newer, ObjectNode stored, String subresource) {
        String subject = Parts.subject(resource);
        List<Cause> first = first(asked, newer);
        List<Cause> content = new ArrayList<>();
        Place whole = new Place("", newer, content);
        if (subresource.equals("status")) {
            StatusChecks.check(subject, whole, new Place("", stored, content));
            return both(first, Order.of(resource, content));
        }
        boolean changed = !Likeness.same(newer.path("spec"), stored.path("spec")) || !newer.has("spec");
        if (changed && !FREE_TO_CHANGE.contains(Parts.subject(asked))) {
            checkContent(asked, resource, whole, newer);
        }
        List<Cause> ordered = Order.of(resource, content);
        List<Cause> change = new ArrayList<>(LOOKED_AT_TWICE.contains(subject) ? ordered : List.of());
        checkChange(Parts.subject(asked), new Place("", newer, change), new Place("", stored, change), subresource);
        return both(first, CHANGE_FIRST.contains(subject) ? both(change, ordered) : both(ordered, change));
    }

    private static void checkChange(String subject, Place whole, Place before, String subresource) {
        Rules.checkChange(subject, whole, before);
        if (subresource.isEmpty()) {
            OF_CHANGE.getOrDefault(subject, (now, then) -> {}).check(whole, before);
        } else if (subject.equals("v1 Pod")) {
            PodChanges.through(subresource, whole, before);
        } else if (subresource.equals("approval")) {
            CertificateChecks.approval(whole, before);
        }
    }

    /** What is wrong with a Service's addresses and families, before any are given. */
    public static List<Cause> serviceAddresses(ObjectNode service) {
        List<Cause> causes = new ArrayList<>();
        ServiceChecks.addresses(new Place("", service, causes).at("spec"));
        return List.copyOf(causes);
    }

    private static void checkContent(Resource asked, Resource resource, Place whole, ObjectNode object) {
        Rules.check(Parts.subject(resource), whole);
        for (String part : PARTS) {
            Parts.each(resource, object, part, (at, node) -> Rules.check(part, new Place(at, node, whole.causes())));
        }
        Parts.each(
                resource,
                object,
                "PodSpec",
                (at, node) -> PodChecks.spec(new Place(at, node, whole.causes()), WorkloadChecks.claims(whole)));
        Parts.each(resource, object, "PodTemplateSpec", (at, node) -> {
            // told without the word metadata
            Place metadata = new Place(at, node.path("metadata"), whole.causes());
            Metadata.labelsAndAnnotations(metadata);
        });
        OF_KIND.getOrDefault(Parts.subject(asked), place -> {}).check(whole);
    }

    private static List<Cause> both(List<Cause> first, List<Cause> last) {
        return Stream.concat(first.stream(), last.stream()).toList();
    }
}
