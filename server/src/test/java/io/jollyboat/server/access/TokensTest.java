package io.jollyboat.server.access;

import static io.jollyboat.server.access.AccessFixture.refused;
import static io.jollyboat.server.access.AccessFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.server.User;
import io.jollyboat.testing.TestAuthority;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokens as the server gives them out, and when they stop being good. */
class TokensTest {
    private static final Resource ACCOUNT = Resources.kind("v1", "ServiceAccount");
    private static final Target ROBOT = Target.of(ACCOUNT, "default", "robot");
    private static final DeleteOptions AT_ONCE = new DeleteOptions(Optional.of(0L), Optional.empty(), "", "", false);

    private final AccessFixture cluster = new AccessFixture();
    private final Tokens tokens = tokens(cluster.keys);

    private Tokens tokens(KeyPair keys) {
        return new Tokens(cluster.server.internal(), cluster.world, keys.getPrivate(), keys.getPublic());
    }

    private ObjectNode ask(String spec) {
        return cluster.admin.create(
                ROBOT.withSubresource("token"), yaml("{spec: " + spec + "}"), WriteOptions.by("test"));
    }

    private static String token(ObjectNode request) {
        return request.at("/status/token").asString();
    }

    private Optional<User> verify(String token) {
        return tokens.verify(token, Tokens.ISSUER);
    }

    private void makePod(String name) {
        cluster.create("{apiVersion: v1, kind: Pod, metadata: {name: " + name + ", namespace: default},"
                + " spec: {serviceAccountName: robot, nodeName: n1, containers: [{name: c, image: i}]}}");
    }

    @Test
    void aTokenSpeaksForItsAccount() {
        ObjectNode answer = ask("{}");
        User user = verify(token(answer)).orElseThrow();
        assertThat(user.name()).isEqualTo("system:serviceaccount:default:robot");
        assertThat(user.uid())
                .isEqualTo(cluster.admin.get(ROBOT).at("/metadata/uid").asString());
        assertThat(user.groups())
                .containsExactlyInAnyOrder(
                        "system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated");
        assertThat(user.extra()).containsOnlyKeys("authentication.kubernetes.io/credential-id");
        assertThat(answer.at("/kind").asString()).isEqualTo("TokenRequest");
        assertThat(answer.at("/spec/expirationSeconds").asLong()).isEqualTo(3600);
        assertThat(answer.at("/spec/audiences/0").asString()).isEqualTo(Tokens.ISSUER);
        assertThat(answer.at("/status/expirationTimestamp").asString()).isEqualTo("2026-01-01T01:00:00Z");
    }

    @Test
    void aTokenMayBeBoundToANodeAndDiesWithIt() {
        cluster.create("{apiVersion: v1, kind: Node, metadata: {name: n7}}");
        String token = token(ask("{boundObjectRef: {apiVersion: v1, kind: Node, name: n7}}"));
        assertThat(verify(token).orElseThrow().extra())
                .containsEntry("authentication.kubernetes.io/node-name", List.of("n7"))
                .containsKey("authentication.kubernetes.io/node-uid");
        cluster.admin.delete(Target.of(Resources.kind("v1", "Node"), "", "n7"), AT_ONCE);
        assertThat(verify(token)).isEmpty();
    }

    @Test
    void aTokenHasAnEnd() {
        String token = token(ask("{expirationSeconds: 600}"));
        cluster.world.advance(Duration.ofSeconds(660));
        assertThat(verify(token)).as("clocks may differ by a minute").isPresent();
        cluster.world.advance(Duration.ofSeconds(1));
        assertThat(verify(token)).isEmpty();
    }

    @Test
    void aTokenIsNotGoodBeforeItWasMade() {
        String token = token(ask("{}"));
        cluster.world.jump(Duration.ofSeconds(-60));
        assertThat(verify(token)).isPresent();
        cluster.world.jump(Duration.ofSeconds(-1));
        assertThat(verify(token)).isEmpty();
    }

    @Test
    void whatTheClusterMountsLivesAYearAndAsksToBeReadAgainAfterAnHour() {
        cluster.create("{apiVersion: v1, kind: Pod, metadata: {name: p9, namespace: default},"
                + " spec: {serviceAccountName: robot, containers: [{name: c, image: i}]}}");
        String bound = "{expirationSeconds: 3607, boundObjectRef: {apiVersion: v1, kind: Pod, name: p9}%s}";
        ObjectNode answer = ask(bound.formatted(""));
        assertThat(answer.at("/spec/expirationSeconds").asInt()).isEqualTo(3607);
        assertThat(answer.at("/status/expirationTimestamp").asString()).isEqualTo("2026-01-01T01:00:07Z");
        JsonNode claims = claims(token(answer));
        long made = claims.path("iat").asLong();
        assertThat(claims.path("exp").asLong() - made)
                .isEqualTo(Duration.ofDays(365).toSeconds());
        assertThat(claims.at("/kubernetes.io/warnafter").asLong() - made).isEqualTo(3607);
        for (String other : List.of(
                bound.formatted(", audiences: [vault]"),
                "{expirationSeconds: 3607}",
                bound.formatted("").replace("7", "8"))) {
            JsonNode plain = claims(token(ask(other)));
            assertThat(plain.path("exp").asLong() - plain.path("iat").asLong()).isLessThan(3609);
            assertThat(plain.path("kubernetes.io").has("warnafter")).isFalse();
        }
    }

    private static JsonNode claims(String token) {
        return JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    @Test
    void lifetimesHaveBounds() {
        var tooShort = refused(() -> ask("{expirationSeconds: 599}"));
        assertThat(tooShort.reason()).isEqualTo(Reason.INVALID);
        assertThat(tooShort.message())
                .isEqualTo("TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value:"
                        + " 599: may not specify a duration less than 10 minutes");
        assertThat(refused(() -> ask("{expirationSeconds: 4294967297}")).message())
                .contains("may not specify a duration larger than 2^32 seconds");
        assertThat(token(ask("{expirationSeconds: 4294967296}"))).isNotEmpty();
    }

    @Test
    void aTokenIsForItsAudiences() {
        String token = token(ask("{audiences: [vault, bank]}"));
        assertThat(verify(token)).isEmpty();
        assertThat(tokens.verify(token, "bank")).isPresent();
        assertThat(tokens.verify(token, "shop")).isEmpty();
    }

    @Test
    void aTokenDiesWithItsPod() {
        makePod("p");
        String token = token(ask("{boundObjectRef: {apiVersion: v1, kind: Pod, name: p}}"));
        User user = verify(token).orElseThrow();
        assertThat(user.extra().get("authentication.kubernetes.io/pod-name")).isEqualTo(List.of("p"));
        assertThat(user.extra().get("authentication.kubernetes.io/node-name")).isEqualTo(List.of("n1"));
        cluster.admin.delete(Target.of(Resources.kind("v1", "Pod"), "default", "p"), AT_ONCE);
        assertThat(verify(token)).isEmpty();
        makePod("p");
        assertThat(verify(token)).as("another Pod of that name").isEmpty();
    }

    @Test
    void aTokenDiesWithItsSecret() {
        cluster.create("{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default}}");
        String token = token(ask("{boundObjectRef: {apiVersion: v1, kind: Secret, name: s}}"));
        assertThat(verify(token)).isPresent();
        cluster.admin.delete(Target.of(Resources.kind("v1", "Secret"), "default", "s"), AT_ONCE);
        assertThat(verify(token)).isEmpty();
    }

    @Test
    void aTokenDiesWithItsAccount() {
        String token = token(ask("{}"));
        cluster.admin.delete(ROBOT, AT_ONCE);
        assertThat(verify(token)).isEmpty();
        cluster.create("{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot, namespace: default}}");
        assertThat(verify(token)).as("another account of that name").isEmpty();
    }

    @Test
    void onlyWhatIsThereCanBeBound() {
        assertThat(refused(() -> ask("{boundObjectRef: {apiVersion: v1, kind: Pod, name: none}}"))
                        .message())
                .isEqualTo("pods \"none\" not found");
        assertThat(refused(() -> ask("{boundObjectRef: {apiVersion: v1, kind: Service, name: s}}"))
                        .reason())
                .isEqualTo(Reason.BAD_REQUEST);
        makePod("p");
        assertThat(refused(() -> ask("{boundObjectRef: {apiVersion: v1, kind: Pod, name: p, uid: other}}"))
                        .reason())
                .isEqualTo(Reason.CONFLICT);
        Target missing = Target.of(ACCOUNT, "default", "none").withSubresource("token");
        assertThat(refused(() -> cluster.admin.create(missing, yaml("{spec: {}}"), WriteOptions.by("test")))
                        .message())
                .isEqualTo("serviceaccounts \"none\" not found");
    }

    @Test
    void aRequestMayNameItsAccountAndNoOther() {
        ObjectNode answer = cluster.admin.create(
                ROBOT.withSubresource("token"),
                yaml("{metadata: {name: robot, namespace: default}}"),
                WriteOptions.by("test"));
        String uid = Meta.uid(cluster.admin.get(ROBOT));
        assertThat(answer.at("/metadata/managedFields/0/fieldsV1").toString())
                .isEqualTo("{\"f:spec\":{\"f:expirationSeconds\":{}}}");
        assertThat(((ObjectNode) answer.path("metadata"))
                        .without("managedFields")
                        .toString())
                .isEqualTo("{\"name\":\"robot\",\"namespace\":\"default\",\"uid\":\"" + uid
                        + "\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}");
        assertThat(refused(() -> cluster.admin.create(
                                ROBOT.withSubresource("token"), yaml("{metadata: {uid: u}}"), WriteOptions.by("test")))
                        .message())
                .isEqualTo(
                        "Operation cannot be fulfilled on TokenRequest.authentication.k8s.io \"robot\": the UID in the"
                                + " token request (u) does not match the UID of the service account (" + uid + ")");
        assertThat(refused(() -> cluster.admin.create(
                                ROBOT.withSubresource("token"),
                                yaml("{metadata: {name: other}}"),
                                WriteOptions.by("test")))
                        .message())
                .contains("metadata.name: Invalid value: \"other\": must match the service account name if specified");
    }

    @Test
    void onlyPodsOfTheAccountAndSomeKindsCanBeBound() {
        cluster.create("{apiVersion: v1, kind: ServiceAccount, metadata: {name: other, namespace: default}}");
        cluster.create("{apiVersion: v1, kind: Pod, metadata: {name: q, namespace: default},"
                + " spec: {serviceAccountName: other, containers: [{name: c, image: i}]}}");
        assertThat(refused(() -> ask("{boundObjectRef: {apiVersion: v1, kind: Pod, name: q}}"))
                        .message())
                .isEqualTo("cannot bind token for serviceaccount \"robot\" to pod running with different"
                        + " serviceaccount name.");
        assertThat(refused(() -> ask("{boundObjectRef: {apiVersion: v1, kind: ConfigMap, name: c}}"))
                        .message())
                .isEqualTo("cannot bind token to object of type /v1, Kind=ConfigMap");
        assertThat(refused(() -> ask("{boundObjectRef: {apiVersion: apps/v1, kind: Pod, name: q}}"))
                        .message())
                .isEqualTo("cannot bind token to object of type apps/v1, Kind=Pod");
    }

    @Test
    void nobodyCanChangeOrForgeAToken() {
        String token = token(ask("{}"));
        String[] parts = token.split("\\.");
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]));
        ObjectNode changed = (ObjectNode) new JsonMapper().readTree(claims);
        changed.put("exp", 99_999_999_999L);
        String longer = encoded(changed.toString());
        assertThat(verify(parts[0] + "." + longer + "." + parts[2])).isEmpty();
        assertThat(verify(encoded("{\"alg\":\"none\"}") + "." + longer + ".")).isEmpty();
        assertThat(verify(parts[0] + "." + parts[1] + ".")).isEmpty();
        assertThat(verify(parts[0] + "." + parts[1] + "." + encoded("\0".repeat(64))))
                .isEmpty();
        assertThat(tokens(TestAuthority.newKeys()).verify(token, Tokens.ISSUER)).isEmpty();
        assertThat(verify("")).isEmpty();
        assertThat(verify("a.b.c")).isEmpty();
        assertThat(verify("ä.%.ß")).isEmpty();
        assertThat(verify(".".repeat(100_000))).isEmpty();
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes());
    }
}
