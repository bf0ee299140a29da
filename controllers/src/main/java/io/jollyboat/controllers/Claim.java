package io.jollyboat.controllers;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.quota.Usage;
import io.jollyboat.client.Index;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What controllers need of a PersistentVolumeClaim.
 *
 * @param attributesClasses the names of the VolumeAttributesClasses that it has, had or shall have
 */
record Claim(Metadata metadata, Usage usage, List<String> attributesClasses) implements Mirrored {
    static final Index<Claim> BY_ATTRIBUTES_CLASS = new Index<>("attributes class", Claim::attributesClasses);

    private static final Resource KIND = Resources.kind("v1", "PersistentVolumeClaim");

    Claim {
        attributesClasses = List.copyOf(attributesClasses);
    }

    static Claim of(ObjectNode object) {
        JsonNode status = object.path("status");
        return new Claim(
                Metadata.of(object),
                Usage.of(KIND, object),
                Stream.of(
                                object.path("spec").path("volumeAttributesClassName"),
                                status.path("currentVolumeAttributesClassName"),
                                status.path("modifyVolumeStatus").path("targetVolumeAttributesClassName"))
                        .map(name -> name.stringValue(""))
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList());
    }

    @Override
    public Optional<Usage> taken() {
        return Optional.of(usage);
    }

    /** Whether one of these uses of its namespace is of this claim; {@code pod} is the uid of who uses. */
    boolean isUsed(List<ClaimUse> uses, String pod) {
        return uses.stream()
                .anyMatch(use ->
                        use.claim().equals(metadata.key().name()) && (!use.ownClaim() || metadata.controlledBy(pod)));
    }
}
