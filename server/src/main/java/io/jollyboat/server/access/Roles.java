package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.server.Texts;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** The roles and bindings that every cluster has from the start: {@code roles.txt}. */
public final class Roles {
    private static final Logger LOG = System.getLogger(Roles.class.getName());
    private static final WriteOptions OURS = WriteOptions.by("kube-apiserver");
    /** How often one is tried while somebody else writes, makes or deletes it; then it stays until the next start. */
    private static final int ATTEMPTS = 3;

    private static final Set<Reason> OVERTAKEN = Set.of(Reason.ALREADY_EXISTS, Reason.CONFLICT, Reason.NOT_FOUND);

    private Roles() {}

    /** Makes those that are not there and adds what is missing in the others, unless they are marked to be left alone. */
    public static void reconcile(Api api) {
        wanted().forEach(object -> reconcile(api, object));
    }

    static List<ObjectNode> wanted() {
        return RoleTable.read(Texts.whole("access/roles.txt"));
    }

    private static void reconcile(Api api, ObjectNode wanted) {
        Resource resource = Resources.kind(Meta.apiVersion(wanted), Meta.kind(wanted));
        Target target = Target.of(resource, Meta.namespace(wanted), Meta.name(wanted));
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                reconcile(api, target, wanted);
                return;
            } catch (StatusException e) {
                if (!OVERTAKEN.contains(e.failure().reason())) {
                    throw e;
                }
            }
        }
        LOG.log(Level.WARNING, "{0}: {1} is written by others all the time", Meta.key(wanted), Meta.kind(wanted));
    }

    private static void reconcile(Api api, Target target, ObjectNode wanted) {
        Optional<ObjectNode> found = present(api, target);
        if (found.isEmpty()) {
            api.create(target.resource(), target.namespace(), wanted, OURS);
            return;
        }
        ObjectNode present = found.get();
        if (Reconciliation.leaves(present)) {
            return;
        }
        if (Reconciliation.leadsElsewhere(present, wanted)) {
            api.delete(target, DeleteOptions.DEFAULT.withUid(Meta.uid(present)));
            api.create(target.resource(), target.namespace(), wanted, OURS);
            LOG.log(Level.INFO, "{0}: {1} made anew, it led to another role", Meta.key(wanted), Meta.kind(wanted));
            return;
        }
        Reconciliation.mended(present, wanted).ifPresent(mended -> {
            api.update(target, mended, OURS);
            LOG.log(Level.INFO, "{0}: {1} completed", Meta.key(wanted), Meta.kind(wanted));
        });
    }

    private static Optional<ObjectNode> present(Api api, Target target) {
        try {
            return Optional.of(api.get(target));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
