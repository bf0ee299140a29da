package io.jollyboat.node;

import io.jollyboat.api.Api;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.world.World;
import java.util.Collection;
import java.util.function.Supplier;

/** What every worker of a node shares. */
record Surroundings(
        World world,
        Api api,
        Cri cri,
        NodeHost host,
        Capacity capacity,
        Lookup lookup,
        References references,
        SandboxConfigs sandboxes,
        PodEvents events,
        Withdrawal withdrawal,
        ProbeCounts probes,
        Supplier<Collection<ServiceVariables.Service>> services,
        Supplier<Collection<Pod>> pods) {}
