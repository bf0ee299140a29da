package io.jollyboat.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is remembered of the Pods' needs is what the Pods themselves say. */
class NodeGraphTest {
    private static final Resource POD = Resources.kind("v1", "Pod");
    private static final List<String> KINDS =
            List.of("secrets", "configmaps", "persistentvolumeclaims", "serviceaccounts");
    private static final WriteOptions OPTIONS = WriteOptions.by("tester");

    private final AccessFixture fixture = new AccessFixture();
    private final Api api = fixture.server.internal();
    private final NodeGraph graph = new NodeGraph(api);

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }

    private ObjectNode pod(Random random, String name) {
        ObjectNode pod = json("""
                {"metadata": {"name": "%s"},
                 "spec": {"nodeName": "n%d", "serviceAccountName": "a%d", "automountServiceAccountToken": false,
                          "imagePullSecrets": [{"name": "o%d"}],
                          "containers": [{"name": "c", "image": "i", "env": [
                            {"name": "E", "valueFrom": {"configMapKeyRef": {"name": "o%d", "key": "k"}}}]}],
                          "volumes": [{"name": "s", "secret": {"secretName": "o%d"}},
                                      {"name": "v", "persistentVolumeClaim": {"claimName": "o%d"}}]}}
                """.formatted(
                        name,
                        random.nextInt(2),
                        random.nextInt(2),
                        random.nextInt(4),
                        random.nextInt(4),
                        random.nextInt(4),
                        random.nextInt(4)));
        if (random.nextInt(4) == 0) {
            ((ObjectNode) pod.path("spec")).remove("nodeName");
        }
        return pod;
    }

    private static void make(Api api, Resource resource, String namespace, String text) {
        api.create(resource, namespace, json(text), OPTIONS);
    }

    @Test
    void itAgreesWithThePodsWhateverComesAndGoes() {
        for (String namespace : List.of("x", "y")) {
            make(api, Resources.kind("v1", "Namespace"), "", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
            for (int i = 0; i < 2; i++) {
                Resource account = Resources.kind("v1", "ServiceAccount");
                make(api, account, namespace, "{\"metadata\":{\"name\":\"a" + i + "\"}}");
            }
        }
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            List<Target> present = new ArrayList<>();
            for (int step = 0; step < 60; step++) {
                if (present.isEmpty() || random.nextInt(3) > 0) {
                    String namespace = random.nextBoolean() ? "x" : "y";
                    String name = "p" + seed + "-" + step;
                    api.create(POD, namespace, pod(random, name), OPTIONS);
                    present.add(Target.of(POD, namespace, name));
                } else {
                    api.delete(present.remove(random.nextInt(present.size())), DeleteOptions.now());
                }
                for (int i = 0; i < 10; i++) {
                    String kind = KINDS.get(random.nextInt(KINDS.size()));
                    PodUses.Use use = new PodUses.Use(
                            "n" + random.nextInt(3),
                            kind,
                            random.nextBoolean() ? "x" : "y",
                            (kind.equals("serviceaccounts") ? "a" : "o") + random.nextInt(5));
                    assertThat(graph.remembered(use))
                            .as("seed %d, step %d: %s", seed, step, use)
                            .isEqualTo(graph.listed(use));
                }
            }
            present.forEach(target -> api.delete(target, DeleteOptions.now()));
        }
    }
}
