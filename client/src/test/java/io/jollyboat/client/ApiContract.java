package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.server.Server;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.World;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A server with nothing in it but a namespace, and an {@link Api} to it: what all contracts stand on. */
abstract class ApiContract {
    static final Resource NAMESPACE = Resources.kind("v1", "Namespace");
    static final Resource MAP = Resources.kind("v1", "ConfigMap");
    static final Resource POD = Resources.kind("v1", "Pod");
    static final Resource DEPLOYMENT = Resources.kind("apps/v1", "Deployment");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();

    final MemoryStore store = new MemoryStore();
    final Server server =
            Server.over(World.system(), store, BuiltInSchema.schema()).build();
    final List<String> warnings = new ArrayList<>();
    Api api;

    /** The Api under test, with all rights. */
    abstract Api open() throws Exception;

    /** Ends what was opened. */
    abstract void close();

    @BeforeEach
    void start() throws Exception {
        api = open();
        api.create(NAMESPACE, "", json("{metadata:{name:'default'}}"), options());
    }

    @AfterEach
    void end() {
        close();
    }

    /** Lenient JSON: single quotes and bare names. */
    static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text);
    }

    WriteOptions options() {
        return new WriteOptions("tester", FieldValidation.WARN, false, false, warnings::add);
    }

    WriteOptions strict() {
        return new WriteOptions("tester", FieldValidation.STRICT, false, false, warnings::add);
    }

    WriteOptions dryRun() {
        return new WriteOptions("tester", FieldValidation.WARN, true, false, warnings::add);
    }

    static Target map(String name) {
        return Target.of(MAP, "default", name);
    }

    ObjectNode create(String text) {
        return api.create(MAP, "default", json(text), options());
    }

    /** A ConfigMap with a label {@code l}. */
    ObjectNode make(String name, String label) {
        return create("{metadata:{name:'%s',labels:{l:'%s'}},data:{a:'1'}}".formatted(name, label));
    }

    ObjectNode deployment(String name) {
        return api.create(DEPLOYMENT, "default", json("""
                {metadata:{name:'%s'},spec:{selector:{matchLabels:{a:'b'}},template:{metadata:{labels:{a:'b'}},
                 spec:{containers:[{name:'c',image:'i',env:[{name:'A',value:'1'},{name:'B',value:'2'}]}]}}}}
                """.formatted(name)), options());
    }

    ObjectNode patch(Target target, Patch patch) {
        return api.patch(target, patch, options());
    }

    ObjectNode delete(String name) {
        return api.delete(map(name), DeleteOptions.DEFAULT);
    }

    List<String> names(ListOptions options) {
        return api.list(MAP, "default", options).items().stream()
                .map(item -> item.at("/metadata/name").asString())
                .toList();
    }

    /** What a refused request says; a continue token comes behind it. */
    static StatusException refused(ThrowingCallable call) {
        StatusException refusal = catchThrowableOfType(StatusException.class, call);
        if (refusal == null) {
            throw new AssertionError("the request was not refused");
        }
        return refusal;
    }

    /** {@code code reason message}. */
    static void assertRefused(ThrowingCallable call, String told) {
        StatusException.Failure failure = refused(call).failure();
        assertThat(failure.reason().code() + " " + failure.reason().text() + " " + failure.message())
                .isEqualTo(told);
    }
}
