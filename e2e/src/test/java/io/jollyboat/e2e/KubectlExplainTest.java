package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stock kubectl explains of kinds and fields, by the documents of OpenAPI 3 and by the old one. */
@Needs(Need.KUBECTL)
@Timeout(120)
class KubectlExplainTest extends WithKubectl {
    @ParameterizedTest
    @CsvSource({
        "Pod, '', v1, 700, podAffinityTerm\t<PodAffinityTerm> -required-",
        "Deployment, apps, v1, 700, rollingUpdate\t<RollingUpdateDeployment>",
        "Service, '', v1, 60, nodePort\t<integer>",
        "Ingress, networking.k8s.io, v1, 60, pathType\t<string> -required-",
        "HorizontalPodAutoscaler, autoscaling, v2, 120, stabilizationWindowSeconds\t<integer>",
        "ClusterRole, rbac.authorization.k8s.io, v1, 40, nonResourceURLs\t<[]string>",
        "EndpointSlice, discovery.k8s.io, v1, 50, addressType\t<string> -required-"
    })
    void wholeKinds(String kind, String group, String version, int lines, String field) {
        Result said = kubectl.run("explain", kind, "--recursive").ok();
        String head = (group.isEmpty() ? "" : "GROUP:      " + group + "\n") + "KIND:       " + kind + "\nVERSION:    "
                + version + "\n\nDESCRIPTION:\n    ";
        assertThat(said.out()).startsWith(head).contains(field).doesNotContain("<empty>");
        assertThat(said.out().lines().count()).isGreaterThan(lines);
        assertThat(said.err()).isEmpty();
    }

    @Test
    void oneField() {
        assertThat(kubectl.run("explain", "pod.spec.containers.ports.protocol")
                        .ok()
                        .out())
                .startsWith(
                        "KIND:       Pod\nVERSION:    v1\n\nFIELD: protocol <string>\nENUM:\n    SCTP\n    TCP\n    UDP\n")
                .contains("DESCRIPTION:\n    Protocol for port. Must be UDP, TCP, or SCTP. Defaults to \"TCP\".");
        kubectl.run("explain", "deploy.spec.strategy")
                .ok()
                .says("FIELD: strategy <DeploymentStrategy>", "rollingUpdate\t<RollingUpdateDeployment>", "enum: ");
        kubectl.run("explain", "endpointslice.endpoints.conditions")
                .ok()
                .says("FIELD: conditions <EndpointConditions>", "whether it is ready");
    }

    @Test
    void anotherVersion() {
        assertThat(kubectl.run("explain", "hpa", "--api-version=autoscaling/v1")
                        .ok()
                        .out())
                .startsWith("GROUP:      autoscaling\nKIND:       HorizontalPodAutoscaler\nVERSION:    v1\n");
        kubectl.run("explain", "hpa.spec.metrics").ok().says("VERSION:    v2", "FIELD: metrics <[]MetricSpec>");
        kubectl.run("explain", "events", "--api-version=events.k8s.io/v1")
                .ok()
                .says("GROUP:      events.k8s.io", "regarding\t<ObjectReference>");
    }

    @Test
    void byTheOldDocument() {
        kubectl.run("explain", "pod.spec.containers", "--output=plaintext-openapiv2")
                .ok()
                .says("RESOURCE: containers <[]Object>", "   args\t<[]string>", "-required-");
        kubectl.run("explain", "service", "--recursive", "--output=plaintext-openapiv2")
                .ok()
                .says("KIND:     Service", "      nodePort\t<integer>");
    }

    @Test
    void whatIsNotThere() {
        assertThat(kubectl.run("explain", "pod.spec.nothing").fails().err())
                .isEqualTo("error: field \"nothing\" does not exist\n");
        assertThat(kubectl.run("explain", "nothing").fails().err())
                .isEqualTo("the server doesn't have a resource type \"nothing\"\n");
        kubectl.run("explain", "hpa", "--api-version=autoscaling/v9")
                .fails()
                .says("couldn't find resource for \"autoscaling/v9, Resource=horizontalpodautoscalers\"");
    }
}
