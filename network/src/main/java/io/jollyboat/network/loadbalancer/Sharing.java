package io.jollyboat.network.loadbalancer;

import io.jollyboat.network.loadbalancer.Claims.Refusal;
import java.util.Collection;
import java.util.List;

/** What a mode does: it shares out to all Services at once, and tells what each of them got. One task at a time uses it. */
interface Sharing extends AutoCloseable {
    /**
     * Shares out anew and makes it so.
     *
     * @param services all that are load balancers of ours, or were
     * @return whether all is well; what is not should be tried again in a while
     */
    boolean share(Collection<BalancedService> services);

    /** Where the Service answers; nowhere when it is none of ours or got nothing. */
    List<Ingress> ingress(BalancedService service);

    /** What it did not get, and why. */
    List<Refusal> refusals(BalancedService service);

    @Override
    void close();
}
