package io.jollyboat.server.access;

import static io.jollyboat.server.access.AccessFixture.refused;
import static io.jollyboat.server.access.AccessFixture.yaml;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.server.User;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The six kinds that answer questions, through the real server. */
class ReviewsTest {
    private static final String AUTHORIZATION = "authorization.k8s.io/v1";
    private static final String AUTHENTICATION = "authentication.k8s.io/v1";

    private final AccessFixture cluster = new AccessFixture();
    private final Api ann = cluster.server.as(AccessFixture.user("ann,builders"));

    @BeforeEach
    void annMayView() {
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: ann, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                subjects: [{kind: User, name: ann}]
                """);
    }

    private static ObjectNode ask(Api api, String version, String kind, String namespace, String spec) {
        return api.create(
                Resources.kind(version, kind), namespace, yaml("{spec: " + spec + "}"), WriteOptions.by("test"));
    }

    private static boolean allowed(ObjectNode answer) {
        return answer.at("/status/allowed").asBoolean();
    }

    private boolean mayAnn(String attributes) {
        return allowed(
                ask(ann, AUTHORIZATION, "SelfSubjectAccessReview", "", "{resourceAttributes: {" + attributes + "}}"));
    }

    @Test
    void whatMayI() {
        assertThat(mayAnn("namespace: default, verb: get, resource: pods")).isTrue();
        assertThat(mayAnn("namespace: default, verb: get, resource: pods, subresource: log"))
                .isTrue();
        assertThat(mayAnn("namespace: default, verb: delete, resource: pods")).isFalse();
        assertThat(mayAnn("namespace: other, verb: get, resource: pods")).isFalse();
        assertThat(mayAnn("namespace: default, verb: '*', group: '*', resource: '*'"))
                .isFalse();
        assertThat(mayAnn("namespace: default, verb: get, group: example.com, resource: unknowns"))
                .isFalse();
        ObjectNode path = ask(
                ann,
                AUTHORIZATION,
                "SelfSubjectAccessReview",
                "",
                "{nonResourceAttributes: {path: /version, verb: get}}");
        assertThat(allowed(path)).isTrue();
        assertThat(path.path("kind").asString()).isEqualTo("SelfSubjectAccessReview");
        assertThat(path.path("apiVersion").asString()).isEqualTo(AUTHORIZATION);
        ObjectNode all = ask(
                cluster.admin,
                AUTHORIZATION,
                "SelfSubjectAccessReview",
                "",
                "{resourceAttributes: {verb: '*', group: '*', resource: '*'}}");
        assertThat(allowed(all)).isTrue();
    }

    @Test
    void whatMayAnother() {
        String about = "{user: ann, resourceAttributes: {namespace: default, verb: get, resource: pods}}";
        assertThat(allowed(ask(cluster.admin, AUTHORIZATION, "SubjectAccessReview", "", about)))
                .isTrue();
        String group = "{groups: ['system:masters'], resourceAttributes: {verb: delete, resource: nodes}}";
        assertThat(allowed(ask(cluster.admin, AUTHORIZATION, "SubjectAccessReview", "", group)))
                .isTrue();
        assertThat(allowed(ask(cluster.admin, AUTHORIZATION, "LocalSubjectAccessReview", "default", about)))
                .isTrue();
        var asked = refused(() -> ask(ann, AUTHORIZATION, "SubjectAccessReview", "", about));
        assertThat(asked.message())
                .isEqualTo("subjectaccessreviews.authorization.k8s.io is forbidden: User \"ann\" cannot create resource"
                        + " \"subjectaccessreviews\" in API group \"authorization.k8s.io\" at the cluster scope");
    }

    @Test
    void senselessQuestionsAreRefused() {
        var nobody =
                refused(() -> ask(cluster.admin, AUTHORIZATION, "SubjectAccessReview", "", "{resourceAttributes: {}}"));
        assertThat(nobody.message())
                .isEqualTo(".authorization.k8s.io \"\" is invalid: spec.user: Invalid value: \"\":"
                        + " at least one of user or group must be specified");
        assertThat(refused(() -> ask(ann, AUTHORIZATION, "SelfSubjectRulesReview", "", "{}"))
                        .message())
                .isEqualTo("no namespace on request");
        assertThat(refused(() -> ask(cluster.admin, AUTHENTICATION, "TokenReview", "", "{}"))
                        .reason())
                .isEqualTo(Reason.BAD_REQUEST);
    }

    @Test
    void allThatIMay() {
        ObjectNode answer = ask(ann, AUTHORIZATION, "SelfSubjectRulesReview", "", "{namespace: default}");
        assertThat(answer.at("/status/incomplete").asBoolean()).isFalse();
        assertThat(answer.at("/status/resourceRules").toString())
                .contains("\"selfsubjectaccessreviews\"", "\"pods/log\"")
                .doesNotContain("\"secrets\"");
        assertThat(answer.at("/status/nonResourceRules").toString()).contains("\"/version\"");
        assertThat(answer.path("spec").isEmpty()).isTrue();
        ObjectNode root = ask(cluster.admin, AUTHORIZATION, "SelfSubjectRulesReview", "", "{namespace: default}");
        assertThat(root.at("/status/resourceRules/0/verbs/0").asString()).isEqualTo("*");
    }

    @Test
    void rulesOfTwoBindingsAreToldTwiceAndMissingRolesAreTold() {
        for (String name : List.of("again", "more")) {
            cluster.create("""
                    apiVersion: rbac.authorization.k8s.io/v1
                    kind: RoleBinding
                    metadata: {name: %s, namespace: default}
                    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %s}
                    subjects: [{kind: User, name: ann, apiGroup: rbac.authorization.k8s.io}]
                    """.formatted(name, name));
        }
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: twice, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                subjects: [{kind: User, name: ann, apiGroup: rbac.authorization.k8s.io}]
                """);
        ObjectNode answer = ask(ann, AUTHORIZATION, "SelfSubjectRulesReview", "", "{namespace: default}");
        assertThat(answer.at("/status/evaluationError").asString())
                .isEqualTo("[role.rbac.authorization.k8s.io \"again\" not found,"
                        + " role.rbac.authorization.k8s.io \"more\" not found]");
        long logs = answer.at("/status/resourceRules")
                .valueStream()
                .filter(rule -> rule.path("resources").toString().contains("pods/log"))
                .count();
        assertThat(logs).isEqualTo(2);
    }

    @Test
    void whoAmI() {
        ObjectNode answer = ask(ann, AUTHENTICATION, "SelfSubjectReview", "", "{}");
        assertThat(answer.path("metadata").toString()).isEqualTo("{\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}");
        assertThat(answer.at("/status/userInfo").toString())
                .isEqualTo("{\"username\":\"ann\",\"groups\":[\"builders\",\"system:authenticated\"]}");
    }

    @Test
    void whoseTokenIsThis() {
        Target robot = Target.of(Resources.kind("v1", "ServiceAccount"), "default", "robot");
        ObjectNode issued = cluster.admin.create(
                robot.withSubresource("token"), yaml("{spec: {audiences: [vault, bank]}}"), WriteOptions.by("test"));
        String token = issued.at("/status/token").asString();
        ObjectNode known = ask(
                cluster.admin, AUTHENTICATION, "TokenReview", "", "{audiences: [bank, shop], token: " + token + "}");
        assertThat(known.at("/status/authenticated").asBoolean()).isTrue();
        assertThat(known.at("/status/user/username").asString()).isEqualTo("system:serviceaccount:default:robot");
        assertThat(known.at("/status/audiences").toString()).isEqualTo("[\"bank\"]");
        assertThat(told(token))
                .isEqualTo("[invalid bearer token, token audiences [\"vault\" \"bank\"] is invalid for the"
                        + " target audiences [\"" + Tokens.ISSUER + "\"]]");
    }

    /** What is said of a token that is not good; nobody is named. */
    private String told(String token) {
        JsonNode status = ask(cluster.admin, AUTHENTICATION, "TokenReview", "", "{token: '" + token + "'}")
                .path("status");
        assertThat(status.propertyNames()).containsExactly("user", "error");
        assertThat(status.path("user").toString()).isEqualTo("{}");
        return status.path("error").asString();
    }

    @Test
    void whyATokenIsNotGood() {
        Target robot = Target.of(Resources.kind("v1", "ServiceAccount"), "default", "robot");
        Target secret = Target.of(Resources.kind("v1", "Secret"), "default", "s");
        cluster.create("{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default}}");
        String token = issued(robot, "{}");
        String bound = issued(robot, "{boundObjectRef: {apiVersion: v1, kind: Secret, name: s}}");
        String brief = issued(robot, "{expirationSeconds: 600}");
        assertThat(told("x")).isEqualTo("invalid bearer token");
        assertThat(told(token + "!")).isEqualTo("invalid bearer token");
        assertThat(told(token.replaceFirst("\\.[^.]*$", ".AAAA")))
                .isEqualTo("[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]");
        String otherKey = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"kid\":\"x\"}".getBytes(US_ASCII));
        assertThat(told(token.replaceFirst("^[^.]*", otherKey)))
                .isEqualTo("[invalid bearer token, invalid signature, no keys found]");
        cluster.world.advance(Duration.ofMinutes(12));
        assertThat(told(brief)).isEqualTo("[invalid bearer token, service account token has expired]");
        String first = Meta.uid(cluster.admin.get(secret));
        cluster.admin.delete(secret, DeleteOptions.now());
        assertThat(told(bound)).isEqualTo("[invalid bearer token, service account token has been invalidated]");
        String second =
                Meta.uid(cluster.create("{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default}}"));
        assertThat(told(bound))
                .isEqualTo(
                        "[invalid bearer token, secret UID (%s) does not match service account secret ref claim (%s)]"
                                .formatted(second, first));
        String uid = Meta.uid(cluster.admin.get(robot));
        cluster.admin.delete(robot, DeleteOptions.now());
        assertThat(told(token)).isEqualTo("[invalid bearer token, serviceaccounts \"robot\" not found]");
        String other = Meta.uid(
                cluster.create("{apiVersion: v1, kind: ServiceAccount, metadata: {name: robot, namespace: default}}"));
        assertThat(told(token))
                .isEqualTo("[invalid bearer token, service account UID (%s) does not match claim (%s)]"
                        .formatted(other, uid));
    }

    private String issued(Target account, String spec) {
        return cluster.admin
                .create(account.withSubresource("token"), yaml("{spec: " + spec + "}"), WriteOptions.by("test"))
                .at("/status/token")
                .asString();
    }

    @Test
    void answersSayWhichBindingAllowsIt() {
        ObjectNode mine = ask(
                ann,
                AUTHORIZATION,
                "SelfSubjectAccessReview",
                "",
                "{resourceAttributes: {namespace: default, verb: get, resource: pods}}");
        assertThat(mine.path("status").toString())
                .isEqualTo(
                        "{\"allowed\":true,\"reason\":\"RBAC: allowed by RoleBinding \\\"ann/default\\\" of ClusterRole"
                                + " \\\"view\\\" to User \\\"ann\\\"\"}");
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: robots}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
                subjects: [{kind: ServiceAccount, name: robot, namespace: default}]
                """);
        ObjectNode robots = ask(
                cluster.admin,
                AUTHORIZATION,
                "SubjectAccessReview",
                "",
                "{user: 'system:serviceaccount:default:robot', resourceAttributes: {verb: list, resource: pods}}");
        assertThat(robots.at("/status/reason").asString())
                .isEqualTo("RBAC: allowed by ClusterRoleBinding \"robots\" of ClusterRole \"view\" to ServiceAccount"
                        + " \"robot/default\"");
        ObjectNode root =
                ask(cluster.admin, AUTHORIZATION, "SelfSubjectAccessReview", "", "{resourceAttributes: {verb: get}}");
        assertThat(root.path("status").toString()).isEqualTo("{\"allowed\":true}");
    }

    @Test
    void aRefusalNamesRolesThatAreMissing() {
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: early}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: later}
                subjects: [{kind: User, name: ann}]
                """);
        Target secret = Target.of(Resources.kind("v1", "Secret"), "default", "s");
        assertThat(refused(() -> ann.get(secret)).message())
                .endsWith(
                        " in the namespace \"default\": RBAC: clusterrole.rbac.authorization.k8s.io \"later\" not found");
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: early, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: later}
                subjects: [{kind: User, name: ann}]
                """);
        assertThat(refused(() -> ann.get(secret)).message())
                .endsWith(": RBAC: [clusterrole.rbac.authorization.k8s.io \"later\" not found,"
                        + " role.rbac.authorization.k8s.io \"later\" not found]");
        assertThat(ann.list(Resources.kind("v1", "Pod"), "default", io.jollyboat.api.ListOptions.ALL)
                        .items())
                .isEmpty();
    }

    @Test
    void ofANodeNotAllRulesAreTold() {
        Api node = cluster.server.as(AccessFixture.user("system:node:n1,system:nodes"));
        JsonNode status = ask(node, AUTHORIZATION, "SelfSubjectRulesReview", "", "{namespace: default}")
                .path("status");
        assertThat(status.path("incomplete").asBoolean()).isTrue();
        assertThat(status.path("evaluationError").asString())
                .isEqualTo("node authorizer does not support user rule resolution");
    }

    @Test
    void refusalsSayWhoMayNotDoWhatWhere() {
        Target pod = Target.of(Resources.kind("v1", "Pod"), "default", "p");
        assertThat(refused(() -> ann.get(pod.withSubresource("status"))).reason())
                .isEqualTo(Reason.NOT_FOUND);
        assertThat(refused(() -> ann.get(Target.of(Resources.kind("v1", "Secret"), "default", "s")))
                        .message())
                .isEqualTo("secrets \"s\" is forbidden: User \"ann\" cannot get resource \"secrets\" in API group \"\""
                        + " in the namespace \"default\"");
        assertThat(refused(() -> ann.create(pod.withSubresource("eviction"), yaml("{}"), WriteOptions.by("t")))
                        .message())
                .isEqualTo("pods \"p\" is forbidden: User \"ann\" cannot create resource \"pods/eviction\" in API group"
                        + " \"\" in the namespace \"default\"");
    }

    @Test
    void aNamespaceLiesInItself() {
        Target own = Target.of(Resources.kind("v1", "Namespace"), "", "default");
        assertThat(ann.get(own).at("/metadata/name").asString()).isEqualTo("default");
        assertThat(refused(() -> ann.get(Target.of(own.resource(), "", "kube-system")))
                        .message())
                .isEqualTo("namespaces \"kube-system\" is forbidden: User \"ann\" cannot get resource \"namespaces\" in"
                        + " API group \"\" in the namespace \"kube-system\"");
    }

    @Test
    void aListOfOneNameNeedsNoMoreThanThatName() {
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: one, namespace: default}
                rules: [{apiGroups: [""], resources: [secrets], resourceNames: [one], verbs: [list, watch]}]
                """);
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: one, namespace: default}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: one}
                subjects: [{kind: User, name: ben}]
                """);
        Api ben = cluster.server.as(new User("ben", "", java.util.Set.of(), java.util.Map.of()));
        var secrets = Resources.kind("v1", "Secret");
        var one = io.jollyboat.api.ListOptions.fields("metadata.name=one");
        assertThat(ben.list(secrets, "default", one).items()).isEmpty();
        assertThat(refused(() -> ben.list(secrets, "default", io.jollyboat.api.ListOptions.ALL))
                        .reason())
                .isEqualTo(Reason.FORBIDDEN);
        assertThat(refused(() -> ben.list(secrets, "default", io.jollyboat.api.ListOptions.fields("metadata.name=two")))
                        .reason())
                .isEqualTo(Reason.FORBIDDEN);
    }
}
