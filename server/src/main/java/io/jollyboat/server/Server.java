package io.jollyboat.server;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.server.measures.Measure;
import io.jollyboat.store.Store;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The core of the API server: the {@link Api} over a store, for any user. Several users may use it at once. */
public final class Server {
    private final Storage storage;
    private final Listing listing;
    private final Watching watching;
    private final Creation creation;
    private final Updating updating;
    private final Deletion deletion;
    private final Patching patching;
    private final Scaling scaling;
    private final Subresources subresources;
    private final Map<String, Subresources.Action> answering;
    private final Map<Resource, Showing> showing;
    private final Decisions authorizer;

    private final Settings settings;
    private final Schema schema;
    private final Bootstrap bootstrap;
    private final FairnessObjects fairness;
    private final Upkeep upkeep;

    private Server(Builder builder) {
        settings = builder.settings;
        schema = builder.schema;
        World world = builder.world;
        storage = new Storage(builder.store);
        Revisions revisions = new Revisions(world, storage);
        PodPlaces places = new PodPlaces(storage);
        listing = new Listing(storage, places, revisions);
        watching = new Watching(world, storage, places, revisions, builder.settings.bookmarkInterval());
        Identity identity = new Identity(world);
        ServiceAllocation services = new ServiceAllocation(world, builder.settings, storage);
        Aftermath aftermath = new Aftermath(List.of(services::deleted, new ServiceEnd(storage)::deleted));
        Owners owners = new Owners(world, schema);
        authorizer = new Decisions(world, builder.authorizer.apply(internal()));
        Steps steps = new Steps(world, storage, schema, identity, owners, services, this::checkGrant);
        creation = new Creation(storage, identity, steps);
        updating = new Updating(storage, identity, steps, creation, aftermath);
        deletion = new Deletion(world, storage, listing, aftermath);
        patching = new Patching(schema, storage, identity, owners, creation, updating);
        scaling = new Scaling(schema, identity, storage, updating);
        Binding binding = new Binding(world, updating);
        Eviction eviction = new Eviction(world, storage, updating, deletion);
        Questions questions = new Questions(identity, new Fields(schema), owners);
        subresources = new Subresources(storage, binding, eviction, questions, builder.tokens.apply(internal()));
        answering = new HashMap<>();
        builder.answering.forEach((kind, made) -> answering.put(kind, questions.to(made.apply(internal()))));
        answering.put(
                "v1 Binding",
                (user, target, body, options) ->
                        binding.bind(user, Binding.pod(target.namespace(), body), body, options));
        showing = Map.of(Components.KIND, new Components(storage));
        bootstrap = new Bootstrap(world, internal(), builder.settings);
        fairness = new FairnessObjects(world, storage, internal());
        upkeep = new Upkeep(world, builder.store, storage, internal(), new Upkeep.Own(bootstrap, fairness), deletion);
    }

    /** Begins a server: it needs a world, a store and a schema; the rest has defaults. */
    public static Builder over(World world, Store store, Schema schema) {
        return new Builder(world, store, schema);
    }

    /** The Api with the rights of a user. */
    public Api as(User user) {
        return ServerApi.of(user, authorizer, this);
    }

    /**
     * The Api for requests that {@link #authorize} let pass: nobody is asked about their verbs again, and whole objects
     * were read into their types.
     */
    public Api admitted(User user) {
        return ServerApi.admitted(user, authorizer, this);
    }

    /**
     * Lets a request pass, also one that is no verb of the Api: a streaming subresource, impersonation.
     *
     * @throws StatusException 403 in Kubernetes' words, 405 for a verb that the kind does not have
     */
    public void authorize(User user, String verb, Target target) {
        new Access(user, authorizer).check(verb, target);
    }

    /**
     * As above, a list, watch or deletion of many.
     *
     * @throws StatusException 403 in Kubernetes' words, 405 for a verb that the kind does not have
     */
    public void authorize(User user, String verb, Resource resource, String namespace, String fieldSelector) {
        new Access(user, authorizer).check(verb, resource, namespace, fieldSelector);
    }

    /**
     * Lets pass a request that names no resource, such as {@code /metrics}.
     *
     * @param verb the HTTP method in lower case
     * @throws StatusException 403 in Kubernetes' words
     */
    public void authorizePath(User user, String verb, String path) {
        new Access(user, authorizer).checkPath(verb, path);
    }

    /** What is counted of its decisions. */
    public List<Measure> measures() {
        return authorizer.measures();
    }

    /** The Api for the server's own parts, who may do everything. */
    public Api internal() {
        return ServerApi.of(User.component("system:apiserver"), Authorizer.allowAll(), this);
    }

    /**
     * Makes the objects that every cluster has where they are missing, and keeps the endpoints of the {@code
     * kubernetes} Service right.
     */
    public void repairOwnObjects() {
        bootstrap.repair();
    }

    /**
     * Makes the server's own objects, then keeps them right, lets events expire and old revisions be forgotten until the
     * task is cancelled.
     */
    public Task start() {
        bootstrap.repair();
        return upkeep.start();
    }

    /** Whose requests go first, as the stored objects say now. */
    public Fairness fairness() {
        return fairness.known();
    }

    /** Where everybody finds this server: the first address that it tells, with its port. */
    public String address() {
        return settings.address();
    }

    /** Whether the store can be read. */
    public boolean readsStore() {
        return storage.reads();
    }

    private void checkGrant(Write write) {
        authorizer.checkGrant(write.user(), write.target(), write.before(), write.after());
    }

    Upkeep upkeep() {
        return upkeep;
    }

    public Schema schema() {
        return schema;
    }

    Storage storage() {
        return storage;
    }

    Listing listing() {
        return listing;
    }

    Watching watching() {
        return watching;
    }

    Creation creation() {
        return creation;
    }

    Updating updating() {
        return updating;
    }

    Deletion deletion() {
        return deletion;
    }

    Patching patching() {
        return patching;
    }

    Scaling scaling() {
        return scaling;
    }

    Subresources subresources() {
        return subresources;
    }

    /** Who answers a kind that is not stored. */
    Optional<Subresources.Action> answering(Resource resource) {
        return Optional.ofNullable(answering.get(resource.apiVersion() + " " + resource.kind()));
    }

    /** Who shows a kind that is not stored. */
    Optional<Showing> showing(Resource resource) {
        return Optional.ofNullable(showing.get(resource));
    }

    /** What a server is made of. */
    public static final class Builder {
        private final World world;
        private final Store store;
        private final Schema schema;
        private Settings settings = Settings.DEFAULT;
        private Function<Api, Authorizer> authorizer = api -> Authorizer.allowAll();

        private Function<Api, TokenIssuer> tokens = api -> (user, account, request) -> {
            throw StatusException.of(Reason.NOT_FOUND, "the server could not find the requested resource");
        };
        private final Map<String, Function<Api, Answering>> answering = new HashMap<>();

        private Builder(World world, Store store, Schema schema) {
            this.world = world;
            this.store = store;
            this.schema = schema;
        }

        public Builder settings(Settings settings) {
            this.settings = settings;
            return this;
        }

        /** @param made is given the server's internal Api, to read rules from; it must not use it at once */
        public Builder authorizer(Function<Api, Authorizer> made) {
            this.authorizer = made;
            return this;
        }

        /** @param made as for {@link #authorizer} */
        public Builder tokens(Function<Api, TokenIssuer> made) {
            this.tokens = made;
            return this;
        }

        /**
         * Says who answers a kind that is not stored.
         *
         * @param kind {@code authorization.k8s.io/v1 SubjectAccessReview}: version and kind
         * @param made as for {@link #authorizer}
         */
        public Builder answering(String kind, Function<Api, Answering> made) {
            answering.put(kind, made);
            return this;
        }

        public Server build() {
            return new Server(this);
        }
    }
}
