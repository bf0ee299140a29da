package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.testing.TestAuthority;
import io.jollyboat.world.ManualWorld;
import java.security.KeyPair;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A real server under the whole access control, in a world that stands still. */
final class AccessFixture {
    private static final JsonMapper JSON = new JsonMapper();

    final ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 7);
    final KeyPair keys = TestAuthority.newKeys();
    final AccessControl control = new AccessControl(world, keys.getPrivate(), keys.getPublic());
    final Server server = control.install(Server.over(world, new MemoryStore(), BuiltInSchema.schema()))
            .build();
    final Api admin = server.as(User.component("admin"));

    AccessFixture() {
        server.repairOwnObjects();
        Roles.reconcile(server.internal());
        create("{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot, namespace: default}}");
    }

    static ObjectNode yaml(String text) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    static List<ObjectNode> documents(String text) {
        return List.of(("\n" + text).split("\n---")).stream()
                .filter(document -> !document.isBlank())
                .map(AccessFixture::yaml)
                .toList();
    }

    ObjectNode create(String text) {
        return create(admin, yaml(text));
    }

    static ObjectNode create(Api api, ObjectNode object) {
        Resource resource = Resources.kind(Meta.apiVersion(object), Meta.kind(object));
        return api.create(resource, Meta.namespace(object), object, WriteOptions.by("test"));
    }

    /** Creates the object, or writes it over the one that is there. */
    static ObjectNode write(Api api, ObjectNode object) {
        Resource resource = Resources.kind(Meta.apiVersion(object), Meta.kind(object));
        Target target = Target.of(resource, Meta.namespace(object), Meta.name(object));
        return api.update(target, object, WriteOptions.by("test"));
    }

    /** {@code ann} or {@code ann,group,group}; who is named is authenticated. */
    static User user(String text) {
        String[] parts = text.split(",");
        Set<String> groups = new HashSet<>(List.of(parts).subList(1, parts.length));
        groups.add("system:authenticated");
        return new User(parts[0], "", groups, Map.of());
    }

    static StatusException.Failure refused(ThrowingCallable call) {
        StatusException refusal = Assertions.catchThrowableOfType(StatusException.class, call);
        if (refusal == null) {
            throw new AssertionError("the request was not refused");
        }
        return refusal.failure();
    }
}
