package io.jollyboat.server;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.store.Store;
import io.jollyboat.world.ManualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A server over a store in memory, in a world that stands still, with short words for what tests do. */
final class Fixture {
    static final Resource POD = Resources.kind("v1", "Pod");
    static final Resource CONFIG_MAP = Resources.kind("v1", "ConfigMap");
    static final Resource NAMESPACE = Resources.kind("v1", "Namespace");
    static final Resource SERVICE = Resources.kind("v1", "Service");
    static final Resource DEPLOYMENT = Resources.kind("apps/v1", "Deployment");

    static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final ManualWorld world = new ManualWorld(START, 42);
    final Store store;
    final Server server;
    final Api api;
    final List<String> warnings = new ArrayList<>();

    Fixture() {
        this(new MemoryStore());
    }

    Fixture(Store store) {
        this(store, Settings.DEFAULT);
    }

    Fixture(Store store, Settings settings) {
        this.store = store;
        this.server = Server.over(world, store, BuiltInSchema.schema())
                .settings(settings)
                .build();
        this.api = server.as(User.component("tester"));
        if (store.revision() == 0) {
            create(NAMESPACE, "{metadata:{name:'default'}}");
        }
    }

    WriteOptions options() {
        return new WriteOptions("tester", FieldValidation.WARN, false, false, warnings::add);
    }

    WriteOptions dryRun() {
        return new WriteOptions("tester", FieldValidation.WARN, true, false, warnings::add);
    }

    /** Lenient JSON: single quotes and bare names. */
    static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text);
    }

    static String namespaceOf(Resource resource) {
        return resource.namespaced() ? "default" : "";
    }

    static Target target(Resource resource, String name) {
        return Target.of(resource, namespaceOf(resource), name);
    }

    ObjectNode create(Resource resource, String text) {
        return api.create(resource, namespaceOf(resource), json(text), options());
    }

    /** A Pod, with the account that every Pod needs. */
    ObjectNode pod(String text) {
        Resource account = Resources.kind("v1", "ServiceAccount");
        if (api.list(account, "default", io.jollyboat.api.ListOptions.ALL)
                .items()
                .isEmpty()) {
            create(account, "{metadata:{name:'default'}}");
        }
        return create(POD, text);
    }

    ObjectNode get(Resource resource, String name) {
        return api.get(target(resource, name));
    }

    ObjectNode update(Resource resource, ObjectNode object) {
        return api.update(target(resource, object.path("metadata").path("name").asString()), object, options());
    }

    ObjectNode merge(Resource resource, String name, String patch) {
        return api.patch(target(resource, name), new Patch.Merge(json(patch)), options());
    }

    ObjectNode delete(Resource resource, String name) {
        return api.delete(target(resource, name), DeleteOptions.DEFAULT);
    }

    /** What a refused request says. */
    static StatusException.Failure refused(ThrowingCallable call) {
        StatusException refusal = catchThrowableOfType(StatusException.class, call);
        if (refusal == null) {
            throw new AssertionError("the request was not refused");
        }
        return refusal.failure();
    }

    /** The next event, waiting for it a bounded time. */
    static WatchEvent next(Watch watch) {
        try {
            return watch.next(Duration.ofSeconds(60)).orElseThrow(() -> new AssertionError("no event came"));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** {@code ADDED name}: an event in short. */
    static String brief(WatchEvent event) {
        return event.type() + " "
                + event.object().path("metadata").path("name").asString("")
                + "@" + event.object().path("metadata").path("resourceVersion").asString("");
    }
}
