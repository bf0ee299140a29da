package io.jollyboat.node;

import java.time.Duration;
import java.util.List;

/**
 * Tells when new connections are no longer led to a Pod that ends. Whoever leads them (the node does not know who)
 * learns of the deletion on its own; the node only asks it before it tells the application to end.
 */
public interface Withdrawal {
    /** Nobody leads connections to Pods. */
    Withdrawal NONE = (namespace, addresses, limit) -> true;

    /**
     * Waits until nobody is led to a Pod any more.
     *
     * @param namespace the Pod's
     * @param addresses the Pod's own
     * @return false where that had not happened when the limit passed
     */
    boolean await(String namespace, List<String> addresses, Duration limit) throws InterruptedException;
}
