package io.jollyboat.server;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.WriteOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/** The Api as one user sees it: each verb asks for access, then hands over to the class of its subject. */
final class ServerApi implements Api {
    private static final String SCALE = "scale";

    private final User user;
    private final Access access;
    private final Access further;
    private final Write.Origin bodies;
    private final Server server;

    /**
     * @param access is asked about each verb
     * @param further is asked about what a verb turns out to do besides
     * @param bodies how whole objects come
     */
    private ServerApi(User user, Access access, Access further, Write.Origin bodies, Server server) {
        this.user = user;
        this.access = access;
        this.further = further;
        this.bodies = bodies;
        this.server = server;
    }

    static ServerApi of(User user, Authorizer authorizer, Server server) {
        Access access = new Access(user, authorizer);
        return new ServerApi(user, access, access, Write.Origin.BODY, server);
    }

    /** For whoever was asked about each verb already, and read bodies into their types. */
    static ServerApi admitted(User user, Authorizer authorizer, Server server) {
        return new ServerApi(user, Access.granted(user), new Access(user, authorizer), Write.Origin.READ, server);
    }

    @Override
    public ObjectNode get(Target target) {
        access.check("get", target);
        if (target.subresource().equals(SCALE)) {
            return server.scaling().get(target);
        }
        Optional<Showing> showing = server.showing(target.resource());
        if (showing.isPresent()) {
            return showing.get().objects().stream()
                    .filter(object -> Meta.name(object).equals(target.name()))
                    .findFirst()
                    .orElseThrow(() -> showing.get().missing(target));
        }
        return server.storage()
                .get(target)
                .orElseThrow(() -> StatusException.notFound(target))
                .object();
    }

    @Override
    public ObjectList list(Resource resource, String namespace, ListOptions options) {
        access.check("list", resource, namespace, options.fieldSelector());
        Optional<Showing> showing = server.showing(resource);
        if (showing.isPresent()) {
            Selection selection = Selection.parse(resource, options.labelSelector(), options.fieldSelector());
            List<ObjectNode> chosen =
                    showing.get().objects().stream().filter(selection::matches).toList();
            return new ObjectList(resource, chosen, "", "", OptionalLong.empty());
        }
        return server.listing().list(resource, namespace, options);
    }

    @Override
    public Watch watch(Resource resource, String namespace, WatchOptions options) {
        access.check("watch", resource, namespace, options.fieldSelector());
        return server.watching().open(resource, namespace, options);
    }

    @Override
    public ObjectNode create(Resource resource, String namespace, ObjectNode object, WriteOptions options) {
        access.check("create", resource, namespace);
        Target target = Target.of(resource, namespace, "");
        Optional<Subresources.Action> answering = server.answering(resource);
        if (answering.isPresent()) {
            return answering.get().act(user, target, object, options);
        }
        return server.creation().create(user, target, object, options, bodies);
    }

    @Override
    public ObjectNode create(Target target, ObjectNode body, WriteOptions options) {
        access.check("create", target);
        return server.subresources().act(user, target, body, options);
    }

    @Override
    public ObjectNode update(Target target, ObjectNode object, WriteOptions options) {
        access.check("update", target);
        if (target.subresource().equals(SCALE)) {
            return server.scaling().update(user, target, object, options);
        }
        return server.updating().replace(user, target, object, options, bodies, () -> further.check("create", target));
    }

    @Override
    public ObjectNode patch(Target target, Patch patch, WriteOptions options) {
        access.check("patch", target);
        if (target.subresource().equals(SCALE)) {
            return server.scaling().patch(user, target, patch, options);
        }
        return server.patching().patch(user, target, patch, options, () -> further.check("create", target));
    }

    @Override
    public ObjectNode delete(Target target, DeleteOptions options) {
        access.check("delete", target);
        return server.deletion().delete(target, options);
    }

    @Override
    public ObjectList deleteCollection(Resource resource, String namespace, ListOptions which, DeleteOptions options) {
        access.check("deletecollection", resource, namespace, which.fieldSelector());
        return server.deletion().deleteAll(resource, namespace, which, options);
    }
}
