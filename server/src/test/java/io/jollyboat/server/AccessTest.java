package io.jollyboat.server;

import static io.jollyboat.server.Fixture.CONFIG_MAP;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static io.jollyboat.server.Fixture.target;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.testing.TestAuthority;
import io.jollyboat.world.ManualWorld;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class AccessTest {
    private static final Resource ACCOUNT = Resources.kind("v1", "ServiceAccount");
    private static final Resource CSR = Resources.kind("certificates.k8s.io/v1", "CertificateSigningRequest");
    private static final User READER = new User("jane", "7", Set.of("readers"), Map.of("scope", List.of("x")));

    private final Server server = Server.over(
                    new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 1),
                    new MemoryStore(),
                    BuiltInSchema.schema())
            .authorizer(api -> (user, verb, resource, namespace, name, subresource) ->
                    user.groups().contains(User.MASTERS) || verb.equals("get")
                            ? Authorizer.Decision.ALLOWED
                            : new Authorizer.Decision(false, verb.equals("delete") ? "not today" : ""))
            .tokens(api -> (user, account, request) ->
                    request.deepCopy().put("for", account.at("/metadata/name").asString()))
            .answering(
                    "authentication.k8s.io/v1 SelfSubjectReview",
                    api -> (user, namespace, question) -> question.deepCopy().put("who", user.name()))
            .build();
    private final Api admin = server.as(User.component("admin"));
    private final Api reader = server.as(READER);

    AccessTest() {
        admin.create(Fixture.NAMESPACE, "", json("{metadata:{name:'default'}}"), WriteOptions.by("t"));
    }

    @Test
    void refusalsAreInKubernetesWords() {
        var create = refused(
                () -> reader.create(CONFIG_MAP, "default", json("{metadata:{name:'a'}}"), WriteOptions.by("t")));
        assertThat(create.reason()).isEqualTo(Reason.FORBIDDEN);
        assertThat(create.message())
                .isEqualTo(
                        "configmaps is forbidden: User \"jane\" cannot create resource \"configmaps\" in API group \"\" in"
                                + " the namespace \"default\"");
        assertThat(refused(() -> reader.delete(target(Fixture.DEPLOYMENT, "d"), DeleteOptions.DEFAULT))
                        .message())
                .isEqualTo(
                        "deployments.apps \"d\" is forbidden: User \"jane\" cannot delete resource \"deployments\" in API"
                                + " group \"apps\" in the namespace \"default\": not today");
        assertThat(refused(() -> reader.list(Fixture.NAMESPACE, "", ListOptions.ALL))
                        .message())
                .endsWith("cannot list resource \"namespaces\" in API group \"\" at the cluster scope");
        assertThat(refused(() -> reader.create(
                                new Target(Fixture.POD, "default", "p", "eviction"), json("{}"), WriteOptions.by("t")))
                        .message())
                .contains("cannot create resource \"pods/eviction\"");
    }

    @Test
    void verbsThatAKindLacksAreRefused() {
        assertThat(refused(() -> admin.deleteCollection(Fixture.NAMESPACE, "", ListOptions.ALL, DeleteOptions.DEFAULT))
                        .reason())
                .isEqualTo(Reason.METHOD_NOT_ALLOWED);
        assertThat(refused(() -> admin.get(new Target(CONFIG_MAP, "default", "a", "status")))
                        .reason())
                .isEqualTo(Reason.METHOD_NOT_ALLOWED);
    }

    @Test
    void tokensAndQuestionsAreAnsweredByOthers() {
        admin.create(ACCOUNT, "default", json("{metadata:{name:'robot'}}"), WriteOptions.by("t"));
        ObjectNode token =
                admin.create(new Target(ACCOUNT, "default", "robot", "token"), json("{spec:{}}"), WriteOptions.by("t"));
        assertThat(token.path("for").asString()).isEqualTo("robot");
        ObjectNode answer = admin.create(
                Resources.kind("authentication.k8s.io/v1", "SelfSubjectReview"), "", json("{}"), WriteOptions.by("t"));
        assertThat(answer.path("who").asString()).isEqualTo("admin");
    }

    @Test
    void twoUsersSeeTheSameObjects() {
        admin.create(CONFIG_MAP, "default", json("{metadata:{name:'a'},data:{k:'v'}}"), WriteOptions.by("t"));
        assertThat(reader.get(target(CONFIG_MAP, "a"))).isSameAs(admin.get(target(CONFIG_MAP, "a")));
    }

    @Test
    void certificateRequestsNameWhoAsks() {
        Set<String> groups = new LinkedHashSet<>(List.of("readers", User.MASTERS));
        User jane = new User("jane", "7", groups, Map.of("scope", List.of("x")));
        String request = Base64.getEncoder()
                .encodeToString(TestAuthority.request("CN=jane", TestAuthority.newKeys())
                        .getBytes(StandardCharsets.US_ASCII));
        ObjectNode made = server.as(jane)
                .create(
                        CSR,
                        "",
                        json(
                                "{metadata:{name:'c'},spec:{username:'root',request:'%s',signerName:'example.com/b',usages:['client auth']}}"
                                        .formatted(request)),
                        WriteOptions.by("t"));
        assertThat(made.at("/spec/username").asString()).isEqualTo("jane");
        assertThat(made.at("/spec/groups/0").asString()).isEqualTo("readers");
        ObjectNode approved = made.deepCopy();
        approved.withObjectProperty("spec").put("username", "root");
        approved.withObjectProperty("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Approved")
                .put("status", "True");
        approved.withObjectProperty("metadata").putObject("annotations").put("why", "known");
        ObjectNode answer = admin.update(new Target(CSR, "", "c", "approval"), approved, WriteOptions.by("t"));
        assertThat(answer.at("/spec/username").asString()).isEqualTo("jane");
        assertThat(answer.at("/metadata/annotations/why").asString()).isEqualTo("known");
        assertThat(answer.at("/status/conditions/0/lastUpdateTime").asString()).isEqualTo("2026-01-01T00:00:00Z");
    }
}
