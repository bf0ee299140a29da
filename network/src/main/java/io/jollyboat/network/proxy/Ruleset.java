package io.jollyboat.network.proxy;

import java.util.Collection;
import java.util.List;

/** The proxy's table in the kernel of one node. */
interface Ruleset extends AutoCloseable {
    /** What state the table is in. */
    enum Health {
        /** There is none. */
        ABSENT,
        /** It is this version's and as it was loaded. */
        SOUND,
        /** It is another version's, or somebody changed its chains. */
        DAMAGED
    }

    Health health();

    /** Makes the table anew in one transaction, whatever there was, with these elements. */
    void load(Collection<Element> elements);

    /** All elements that are there. */
    List<Element> read();

    /** Makes changes in one transaction. */
    void apply(Delta delta);

    /** Lets what an endpoint that went or came leaves behind be forgotten: UDP connections, affinities. */
    void forget(Delta delta);

    /** Whether somebody else changed any rule of the node since the last call or change of ours; cheap. */
    boolean changedByOthers();

    @Override
    void close();
}
