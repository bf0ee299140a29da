package io.jollyboat.network.proxy;

import java.util.Locale;

/** The sets and maps of the skeleton whose elements follow the Services. */
enum MapName {
    /** Virtual address to mark. */
    SERVICES,
    /** The same for clients outside of the cluster, where the external traffic policy is Local. */
    OUTSIDE,
    /** Virtual address and slot to endpoint. */
    ENDPOINTS,
    /** The same for what {@link #OUTSIDE} leads to: endpoints on this node. */
    LOCAL_ENDPOINTS,
    /** Nobody serves there: refuse. */
    REFUSED,
    /** Nobody serves there on this node, and the internal traffic policy is Local: drop. */
    CLOSED,
    /** Nobody serves there on this node, and the external traffic policy is Local: drop what comes from outside. */
    CLOSED_OUTSIDE,
    /** Only {@link #ALLOWED} sources may connect. */
    GUARDED,
    /** Virtual address and range of sources. */
    ALLOWED;

    /** As nft knows it. */
    String lower() {
        return name().toLowerCase(Locale.ROOT);
    }
}
