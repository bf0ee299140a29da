package io.jollyboat.server;

import io.jollyboat.api.kinds.Defaults;
import io.jollyboat.api.schema.Completion;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.world.World;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;

/**
 * What happens to every object between the request and the store, in this order. Before it comes {@link Access}
 * (may this user do that?), after it the write itself ({@link Creation}, {@link Updating}), which is repeated from
 * here when another write came first.
 */
final class Steps {
    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    private final List<Step> order;

    Steps(
            World world,
            Storage storage,
            Schema schema,
            Identity identity,
            Owners owners,
            ServiceAllocation services,
            Step grants) {
        order = List.of(
                new Fields(schema), //                    what the schema does not know goes
                identity, //                              what the server alone says: name, uid, times
                new OwnerReferences(), //                 who is named twice
                new Resizing(), //                        of which containers
                new Division(), //                        what this request may not change stays
                new Completing(schema, Completion::complete), // what Kubernetes writes although it is empty
                Steps::setDefaults, //                    what nobody said
                Conversions::roundTrip, //                what is stored in another version
                new TemplateGeneration(), //              which template a DaemonSet has
                owners, //                                who owns which field
                new NamespaceLifecycle(storage), //       admission: what this cluster adds or refuses
                new ServiceAccounts(storage, identity),
                new DefaultTolerations(),
                Steps::taint,
                new Priorities(storage),
                new RuntimeClasses(storage),
                new LimitRanges(storage),
                new DefaultClasses(storage),
                new Protection(),
                new CertificateRequests(world),
                new LocalServices(world),
                new Quotas(storage),
                Steps::begin, //                          what a new object begins with
                new DataSources(),
                new VolumePhases(world),
                new ServiceFields(services.families()),
                new Generation(),
                grants, //                                nobody gives away more rights than his own
                services, //                              addresses and ports, given out or refused
                new Validating(), //                      what must not be stored is refused
                Steps::setDefaults, //                    as if it were read back
                new Completing(schema, Completion::forget)); // what storing makes of empty lists
    }

    /** @throws io.jollyboat.api.StatusException from the first step that refuses */
    void run(Write write) {
        order.forEach(step -> step.take(write));
    }

    private static void setDefaults(Write write) {
        Defaults.apply(write.resource(), write.after());
    }

    /** Nothing goes to a new node before it is ready, and the node's life cycle takes this away. */
    private static void taint(Write write) {
        if (write.isCreationOf("nodes")) {
            ArrayNode taints = write.after().withObjectProperty("spec").withArrayProperty("taints");
            boolean there = taints.valueStream()
                    .anyMatch(taint -> taint.path("key").asString("").equals(NOT_READY)
                            && taint.path("effect").asString("").equals("NoSchedule"));
            if (!there) {
                taints.addObject().put("key", NOT_READY).put("effect", "NoSchedule");
            }
        }
    }

    private static void begin(Write write) {
        if (write.creates()) {
            Defaults.begin(write.resource(), write.after());
        }
    }
}
