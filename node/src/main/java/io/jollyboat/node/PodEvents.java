package io.jollyboat.node;

import io.jollyboat.node.Pod.Container;

/** Tells users what happens to their Pods. Telling never fails and never waits. */
interface PodEvents {
    void record(Pod pod, String fieldPath, boolean warning, String reason, String message);

    default void normal(Pod pod, Container container, String reason, String message) {
        record(pod, container.fieldPath(), false, reason, message);
    }

    default void warning(Pod pod, Container container, String reason, String message) {
        record(pod, container.fieldPath(), true, reason, message);
    }

    default void warning(Pod pod, String reason, String message) {
        record(pod, "", true, reason, message);
    }
}
