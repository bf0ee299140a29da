package io.jollyboat.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.testing.Cases;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each case has a kind, the question, and what is answered: its status (and spec, and the fields that its sender owns, where
 * they are named), or one cause in each line.
 */
class ReviewCasesTest {
    private static final String OBJECTS = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: reader}
            rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: ann, namespace: default}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: lost}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: nowhere}
            subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: lost}]
            """;

    static List<Cases.Case> cases() {
        return Cases.read(ReviewCasesTest.class, "reviews.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void questionsAreAnswered(Cases.Case each) {
        AccessFixture cluster = new AccessFixture();
        AccessFixture.documents(OBJECTS).forEach(object -> AccessFixture.create(cluster.admin, object));
        String kind = each.part(0).lines().findFirst().orElseThrow();
        String question = each.part(0).lines().skip(1).collect(Collectors.joining("\n"));
        assertThat(answer(cluster, kind, AccessFixture.yaml(question), each.part(1)))
                .isEqualTo(each.part(1).strip());
    }

    private static String answer(AccessFixture cluster, String kind, ObjectNode question, String expected) {
        Resource resource = Resources.kind("authorization.k8s.io/v1", kind);
        String namespace = resource.namespaced() ? "default" : "";
        try {
            ObjectNode answer = cluster.admin.create(resource, namespace, question, WriteOptions.by("test"));
            return expected.lines()
                    .map(line -> line.substring(0, line.indexOf(':')))
                    .map(part -> part + ": "
                            + (part.equals("manages")
                                    ? answer.at("/metadata/managedFields/0/fieldsV1")
                                    : answer.path(part)))
                    .collect(Collectors.joining("\n"));
        } catch (StatusException e) {
            return e.failure().causes().stream()
                    .map(cause -> cause.field() + ": " + cause.message())
                    .collect(Collectors.joining("\n"));
        }
    }
}
