package io.jollyboat.server;

import io.jollyboat.api.Api;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.store.Store;
import io.jollyboat.world.World;
import java.util.List;
import java.util.function.Function;

/** The core of the API server: the {@link Api} over a store, for any user. Several users may use it at once. */
public final class Server {
    private final Storage storage;
    private final Listing listing;
    private final Watching watching;
    private final Creation creation;
    private final Updating updating;
    private final Deletion deletion;
    private final Authorizer authorizer;

    private final Schema schema;

    private Server(Builder builder) {
        schema = builder.schema;
        World world = builder.world;
        storage = new Storage(builder.store);
        Revisions revisions = new Revisions(world, storage);
        listing = new Listing(storage, revisions);
        watching = new Watching(world, storage, revisions, builder.settings.bookmarkInterval());
        Identity identity = new Identity(world);
        Aftermath aftermath = new Aftermath(List.of());
        Steps steps = new Steps(identity, new NamespaceLifecycle(storage));
        creation = new Creation(storage, identity, steps);
        updating = new Updating(storage, identity, steps, creation, aftermath);
        deletion = new Deletion(world, storage, listing, aftermath);
        authorizer = builder.authorizer.apply(internal());
    }

    /** Begins a server: it needs a world, a store and a schema; the rest has defaults. */
    public static Builder over(World world, Store store, Schema schema) {
        return new Builder(world, store, schema);
    }

    /** The Api with the rights of a user. */
    public Api as(User user) {
        return new ServerApi(user, authorizer, this);
    }

    /** The Api for the server's own parts, who may do everything. */
    public Api internal() {
        return new ServerApi(User.component("system:apiserver"), Authorizer.allowAll(), this);
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

    /** What a server is made of. */
    public static final class Builder {
        private final World world;
        private final Store store;
        private final Schema schema;
        private Settings settings = Settings.DEFAULT;
        private Function<Api, Authorizer> authorizer = api -> Authorizer.allowAll();

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

        public Server build() {
            return new Server(this);
        }
    }
}
