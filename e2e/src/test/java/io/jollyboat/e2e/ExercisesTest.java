package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The exercises of a course chapter on Pods, typed in order with the stock kubectl. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExercisesTest {
    private static final String WAIT = "--timeout=180s";
    private static final String[] ADDRESS_OF_SLEEP_2 = {
        "get", "pod", "-l", "app=sleep-2", "--output", "jsonpath={.items[0].status.podIP}"
    };
    private static TestCluster cluster;
    private static String firstAddress;
    private static String firstPod;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("exercises");
        cluster.up().ok().says("Cluster exercises runs");
        cluster.jolly(
                        "image",
                        "build",
                        "examples/images/sleep",
                        "examples/images/numbers-api",
                        "examples/images/numbers-web")
                .ok()
                .says("kiamol/ch03-sleep:latest", "kiamol/ch03-numbers-api:latest", "kiamol/ch03-numbers-web:latest");
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    @Test
    @Order(1)
    void applyTwice() {
        String[] apply = {"apply", "-f", "examples/sleep/sleep1.yaml", "-f", "examples/sleep/sleep2.yaml"};
        cluster.kubectl(apply).ok().says("deployment.apps/sleep-1 created", "deployment.apps/sleep-2 created");
        cluster.kubectl(apply).ok().says("deployment.apps/sleep-1 unchanged", "deployment.apps/sleep-2 unchanged");
    }

    @Test
    @Order(2)
    void waitUntilReady() {
        cluster.kubectl("wait", "--for=condition=Available", "deploy/sleep-1", "deploy/sleep-2", WAIT)
                .ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=sleep-2", WAIT)
                .ok()
                .says("condition met");
    }

    @Test
    @Order(3)
    void readTheAddress() {
        firstAddress = cluster.kubectl(ADDRESS_OF_SLEEP_2).ok().text();
        firstPod = cluster.kubectl("get", "pod", "-l", "app=sleep-2", "-o", "name")
                .ok()
                .text();
        assertThat(firstAddress).startsWith("10.42.");
    }

    @Test
    @Order(4)
    void ping() {
        cluster.kubectl("exec", "deploy/sleep-1", "--", "ping", "-c", "2", firstAddress)
                .ok()
                .says("2 packets received", "0% packet loss");
    }

    @Test
    @Order(5)
    void replaceThePod() {
        cluster.kubectl("delete", "pods", "-l", "app=sleep-2").ok().says("deleted");
        cluster.kubectl("rollout", "status", "deploy/sleep-2", WAIT).ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=sleep-2", WAIT)
                .ok();
        String pod = cluster.kubectl("get", "pod", "-l", "app=sleep-2", "-o", "name")
                .ok()
                .text();
        String address = cluster.kubectl(ADDRESS_OF_SLEEP_2).ok().text();
        assertThat(pod).isNotEqualTo(firstPod);
        assertThat(address).startsWith("10.42.").isNotEqualTo(firstAddress);
    }

    @Test
    @Order(6)
    void pingTheOldAddress() {
        cluster.kubectl("exec", "deploy/sleep-1", "--", "ping", "-c", "1", "-W", "1", firstAddress)
                .fails();
    }

    @Test
    @Order(9)
    void theWebPageThroughAForwardedPort() throws Exception {
        cluster.kubectl("apply", "-f", "examples/numbers/api.yaml", "-f", "examples/numbers/web.yaml")
                .ok();
        cluster.kubectl("wait", "--for=condition=Available", "deploy/numbers-api", "deploy/numbers-web", WAIT)
                .ok();
        try (Forward forward = Forward.to(cluster, "deploy/numbers-web", 80)) {
            assertThat(forward.get("/")).contains("KIAMOL Random Number Generator", "value=\"Go!\"");
            for (int i = 0; i < 2; i++) {
                assertThat(forward.post("/", "go=1"))
                        .contains(
                                "RNG service unavailable!",
                                "(Using API at: http://numbers-api/sixeyed/kiamol/master/ch03/numbers/rng)");
            }
            forward.interrupt().ok();
        }
    }

    @Test
    @Order(11)
    void columnsAndReplacement() {
        String[] list = {
            "get", "pod", "-l", "app=numbers-api", "-o", "custom-columns=NAME:metadata.name,POD_IP:status.podIP"
        };
        String before = cluster.kubectl(list)
                .ok()
                .says("NAME", "POD_IP", "numbers-api-", "10.42.")
                .text();
        cluster.kubectl("delete", "pod", "-l", "app=numbers-api").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=numbers-api", WAIT)
                .ok();
        String after = cluster.kubectl(list)
                .ok()
                .says("NAME", "POD_IP", "numbers-api-", "10.42.")
                .text();
        assertThat(after.lines().skip(1)).hasSize(1);
        List<String> one = List.of(before.lines().toList().get(1).split(" +"));
        List<String> other = List.of(after.lines().toList().get(1).split(" +"));
        assertThat(other.get(0)).isNotEqualTo(one.get(0));
        assertThat(other.get(1)).isNotEqualTo(one.get(1));
    }

    @Test
    @Order(22)
    void theReplacementHasAnotherAddress() {
        String before = cluster.kubectl(ADDRESS_OF_SLEEP_2).ok().text();
        cluster.kubectl("delete", "pods", "-l", "app=sleep-2").ok();
        cluster.kubectl("wait", "--for=condition=Available", "deploy/sleep-2", WAIT)
                .ok();
        assertThat(cluster.kubectl(ADDRESS_OF_SLEEP_2).ok().text())
                .startsWith("10.42.")
                .isNotEqualTo(before);
    }

    @Test
    @Order(23)
    void podsGoWithTheirDeployment() {
        cluster.kubectl("delete", "deploy", "sleep-2").ok().says("deployment.apps \"sleep-2\" deleted");
        Program.eventually(
                () -> cluster.kubectl("get", "pods", "-l", "app=sleep-2").ok(),
                result -> result.err().contains("No resources found"));
    }

    @Test
    @Order(26)
    void deleteEverything() {
        cluster.kubectl("delete", "deploy", "--all").ok().says("\"sleep-1\" deleted", "\"numbers-api\" deleted");
        Program.eventually(
                () -> cluster.kubectl("get", "pods").ok(),
                result -> result.err().contains("No resources found"));
        String service = cluster.field("svc/kubernetes", "{.metadata.uid}");
        cluster.kubectl("get", "all").ok().says("service/kubernetes");
        cluster.kubectl("delete", "svc", "--all").ok().says("\"kubernetes\" deleted");
        Program.eventually(() -> cluster.kubectl("get", "svc", "kubernetes"), result -> result.status() == 0);
        assertThat(cluster.field("svc/kubernetes", "{.metadata.uid}")).isNotEqualTo(service);
        cluster.kubectl("get", "svc", "kubernetes").ok().says("ClusterIP", "10.43.0.1", "443/TCP");
    }
}
