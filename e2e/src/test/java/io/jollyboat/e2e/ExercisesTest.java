package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
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
    private static final String SLEEP_2_ADDRESS = "jsonpath={.items[0].status.podIP}";
    private static TestCluster cluster;
    private static String firstAddress;
    private static String firstPod;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("exercises");
        cluster.up().ok().says("Cluster exercises runs");
        for (String image : new String[] {"sleep", "numbers-api", "numbers-web"}) {
            cluster.jolly("image", "build", "examples/images/" + image).ok();
        }
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
        cluster.kubectl("wait", "--for=condition=Available", "deploy/sleep-1", "deploy/sleep-2", "--timeout=60s")
                .ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=sleep-2", "--timeout=60s")
                .ok()
                .says("condition met");
    }

    @Test
    @Order(3)
    void readTheAddress() {
        firstAddress = cluster.kubectl("get", "pod", "-l", "app=sleep-2", "--output", SLEEP_2_ADDRESS)
                .ok()
                .text();
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
    void replaceThePod() throws InterruptedException {
        cluster.kubectl("delete", "pods", "-l", "app=sleep-2").ok().says("deleted");
        cluster.kubectl("rollout", "status", "deploy/sleep-2", "--timeout=60s").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=sleep-2", "--timeout=60s")
                .ok();
        String pod = cluster.kubectl("get", "pod", "-l", "app=sleep-2", "-o", "name")
                .ok()
                .text();
        String address = cluster.kubectl("get", "pod", "-l", "app=sleep-2", "--output", SLEEP_2_ADDRESS)
                .ok()
                .text();
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
    @Order(11)
    void columnsAndReplacement() {
        cluster.kubectl("apply", "-f", "examples/numbers/api.yaml").ok();
        cluster.kubectl("wait", "--for=condition=Available", "deploy/numbers-api", "--timeout=60s")
                .ok();
        String[] list = {
            "get", "pod", "-l", "app=numbers-api", "-o", "custom-columns=NAME:metadata.name,POD_IP:status.podIP"
        };
        String before = cluster.kubectl(list)
                .ok()
                .says("NAME", "POD_IP", "numbers-api-")
                .text();
        cluster.kubectl("delete", "pod", "-l", "app=numbers-api").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "-l", "app=numbers-api", "--timeout=60s")
                .ok();
        assertThat(cluster.kubectl(list).ok().text()).isNotEqualTo(before);
    }

    @Test
    @Order(26)
    void deleteEverything() throws InterruptedException {
        cluster.kubectl("delete", "deploy", "--all").ok().says("\"sleep-1\" deleted", "\"numbers-api\" deleted");
        TestCluster.eventually(
                () -> cluster.kubectl("get", "pods").ok(),
                result -> result.err().contains("No resources found"));
        cluster.kubectl("get", "all").ok().says("service/kubernetes");
        cluster.kubectl("delete", "svc", "--all").ok().says("\"kubernetes\" deleted");
        TestCluster.eventually(() -> cluster.kubectl("get", "svc", "kubernetes"), result -> result.status() == 0);
    }
}
