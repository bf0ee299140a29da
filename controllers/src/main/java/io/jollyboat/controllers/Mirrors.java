package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.quota.Usage;
import io.jollyboat.client.Index;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/**
 * The mirrors that the controllers share: one for each kind that can be listed, watched and deleted. Kinds that a
 * controller reads are kept as its records, all others as their metadata, for the garbage collector and for Namespaces.
 */
final class Mirrors {
    /** Events own nothing, are owned by nothing, and are many. */
    private static final Set<String> WITHOUT_OWNERS = Set.of("events", "events.events.k8s.io");

    /** So many usages of Pods are shared; then they are gathered anew. */
    private static final int SHARED = 1_000;

    final Mirror<Deployment> deployments;
    final Mirror<ReplicaSet> replicaSets;
    final Mirror<ReplicaSet> replicationControllers;
    final Mirror<Pod> pods;
    final Mirror<Budget> budgets;
    final Mirror<Claim> claims;
    final Mirror<Volume> volumes;
    final Mirror<Metadata> attributesClasses;
    final Mirror<Node> nodes;
    final Mirror<Lease> leases;
    final Mirror<Namespace> namespaces;
    final Mirror<Metadata> serviceAccounts;
    final Mirror<Service> services;
    final Mirror<Endpoints> endpoints;
    final Mirror<EndpointSlice> slices;
    final Mirror<TokenSecret> tokenSecrets;
    final Mirror<SigningRequest> signingRequests;
    final Mirror<ClusterRole> clusterRoles;
    final Mirror<ExpiringEvent> events;

    private final Api api;
    private final World world;
    private final Map<Usage, Usage> usages = new ConcurrentHashMap<>();
    private final Map<String, Mirror<? extends Mirrored>> owned = new LinkedHashMap<>();

    Mirrors(Api api, World world) {
        this.api = api;
        this.world = world;
        deployments = add("apps/v1", "Deployment", Deployment::of, List.of());
        replicaSets = add("apps/v1", "ReplicaSet", ReplicaSet::of, List.of(ReplicaSet.ORPHANS));
        replicationControllers = add("v1", "ReplicationController", ReplicaSet::of, List.of());
        pods = add(
                "v1",
                "Pod",
                pod -> Pod.of(pod, this::shared),
                List.of(Pod.BY_NODE, Pod.BY_LABEL, Pod.BY_CLAIM, Pod.ORPHANS, Pod.ENDED));
        budgets = add("policy/v1", "PodDisruptionBudget", Budget::of, List.of());
        claims = add("v1", "PersistentVolumeClaim", Claim::of, List.of(Claim.BY_ATTRIBUTES_CLASS));
        volumes = add("v1", "PersistentVolume", Volume::of, List.of(Volume.BY_ATTRIBUTES_CLASS));
        attributesClasses = add("storage.k8s.io/v1", "VolumeAttributesClass", Metadata::of, List.of());
        nodes = add("v1", "Node", Node::of, List.of());
        leases = add("coordination.k8s.io/v1", "Lease", Lease::of, List.of());
        namespaces = add("v1", "Namespace", Namespace::of, List.of());
        serviceAccounts = add("v1", "ServiceAccount", Metadata::of, List.of());
        services = add("v1", "Service", Service::of, List.of(Service.BY_ANCHOR));
        endpoints = add("v1", "Endpoints", Endpoints::of, List.of());
        slices = add("discovery.k8s.io/v1", "EndpointSlice", EndpointSlice::of, List.of(EndpointSlice.BY_SERVICE));
        signingRequests = add("certificates.k8s.io/v1", "CertificateSigningRequest", SigningRequest::of, List.of());
        clusterRoles = add("rbac.authorization.k8s.io/v1", "ClusterRole", ClusterRole::of, List.of());
        for (Resource resource : Resources.builtIn().all()) {
            if (resource.verbs().containsAll(Set.of("list", "watch", "delete"))
                    && !WITHOUT_OWNERS.contains(resource.qualifiedPlural())
                    && !owned.containsKey(resource.qualifiedPlural())) {
                add(resource.apiVersion(), resource.kind(), Metadata::of, List.of());
            }
        }
        tokenSecrets = new Mirror<>(
                api,
                world,
                Mirror.Source.all(Resources.kind("v1", "Secret")).withFields("type=" + TokenSecret.TYPE),
                TokenSecret::of,
                List.of(TokenSecret.BY_ACCOUNT));
        events = new Mirror<>(
                api, world, Mirror.Source.all(Resources.kind("v1", "Event")), ExpiringEvent::of, List.of());
    }

    /** The mirrors of all kinds that can own and be owned, each with the indexes of {@link Metadata}. */
    Collection<Mirror<? extends Mirrored>> owned() {
        return owned.values();
    }

    /** Pods of one template take the same: it is kept once. */
    private Usage shared(Usage usage) {
        if (usages.size() >= SHARED) {
            usages.clear();
        }
        return usages.computeIfAbsent(usage, first -> first);
    }

    private <T extends Mirrored> Mirror<T> add(
            String apiVersion, String kind, Function<ObjectNode, T> projection, List<Index<T>> more) {
        Resource resource = Resources.kind(apiVersion, kind);
        List<Index<T>> indexes = new ArrayList<>(more);
        indexes.add(Metadata.byOwner());
        indexes.add(Metadata.byNamespace());
        Mirror<T> mirror = new Mirror<>(api, world, Mirror.Source.all(resource), projection, indexes);
        owned.put(resource.qualifiedPlural(), mirror);
        return mirror;
    }
}
