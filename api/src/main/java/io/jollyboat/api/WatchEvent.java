package io.jollyboat.api;

import tools.jackson.databind.node.ObjectNode;

/** One change. A BOOKMARK's object holds only a resourceVersion (and perhaps the mark that initial events are over). */
public record WatchEvent(Type type, ObjectNode object) {
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK
    }
}
