package io.jollyboat.network;

import io.jollyboat.client.Key;
import java.util.Set;

/** Who follows the table. It must be quick: it notes keys and lets a task of its own do the work. */
public interface TableListener {
    /**
     * @param table as it is now
     * @param services what may differ from the table that the listener heard of before, removed ones too
     */
    void changed(ServiceTable table, Set<Key> services);
}
