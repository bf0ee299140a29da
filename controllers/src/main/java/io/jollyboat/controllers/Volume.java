package io.jollyboat.controllers;

import io.jollyboat.client.Index;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What controllers need of a PersistentVolume.
 *
 * @param bound whether a claim has it
 * @param attributesClass the name of its VolumeAttributesClass, or ""
 */
record Volume(Metadata metadata, boolean bound, String attributesClass) implements Mirrored {
    static final Index<Volume> BY_ATTRIBUTES_CLASS = new Index<>(
            "attributes class",
            volume -> volume.attributesClass.isEmpty() ? List.of() : List.of(volume.attributesClass));

    static Volume of(ObjectNode object) {
        return new Volume(
                Metadata.of(object),
                object.path("status").path("phase").stringValue("").equals("Bound"),
                object.path("spec").path("volumeAttributesClassName").stringValue(""));
    }
}
