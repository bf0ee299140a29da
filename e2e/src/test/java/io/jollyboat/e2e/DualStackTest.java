package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledIf;

/** A cluster whose nodes, Pods and Services have addresses of IPv4 and IPv6, and the ports of its nodes. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
@DisabledIf(value = "isWithoutIpv6", disabledReason = "this kernel has no IPv6")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DualStackTest {
    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - name: web
                    image: kiamol/ch03-sleep
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, 'mkdir -p /tmp/www; echo hello >/tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www']
                    readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                    ports: [{containerPort: 8080, hostPort: 8088}, {containerPort: 8080, hostPort: 8089, hostIP: 127.0.0.1}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: NodePort
              ipFamilyPolicy: RequireDualStack
              selector: {app: web}
              ports: [{name: http, port: 80, targetPort: 8080, nodePort: 30480}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: peers}
            spec:
              clusterIP: None
              ipFamilyPolicy: PreferDualStack
              selector: {app: web}
              ports: [{name: http, port: 8080}]
            """;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    private static TestCluster cluster;
    private static String node;
    private static String node6;

    static boolean isWithoutIpv6() {
        return !Files.isDirectory(Path.of("/proc/sys/net/ipv6"));
    }

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("dual-stack");
        cluster.up("examples/sleep/sleep1.yaml").ok();
        cluster.apply(WEB).ok();
        cluster.kubectl("rollout", "status", "deploy/web", "--timeout=180s").ok();
        node = cluster.field("nodes", "{.items[0].status.addresses[0].address}");
        node6 = cluster.field("nodes", "{.items[0].status.addresses[1].address}");
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    private static String get(String host, int port) {
        String address = host.contains(":") ? "[" + host + "]" : host;
        try {
            URI page = URI.create("http://" + address + ":" + port + "/");
            HttpRequest request =
                    HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(30)).build();
            return HTTP.send(request, BodyHandlers.ofString()).body().strip();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Result inSleep1(String command) {
        return cluster.kubectl("exec", "deploy/sleep-1", "--", "sh", "-c", command);
    }

    @Test
    @Order(1)
    void nodesAndPodsHaveAnAddressOfEachFamilyIpv4First() {
        assertThat(node).startsWith("10.41.");
        assertThat(node6).startsWith("fd00:10:41:");
        assertThat(cluster.field("nodes", "{.items[0].spec.podCIDRs}")).contains("10.42.0.0/24", "fd00:10:42::/120");
        String pod = "{.items[0].status";
        assertThat(cluster.field("pods", pod + ".podIP}")).startsWith("10.42.0.");
        assertThat(cluster.field("pods", pod + ".podIPs[1].ip}")).startsWith("fd00:10:42::");
        assertThat(cluster.field("pods", pod + ".hostIPs[1].ip}")).isEqualTo(node6);
        String own = inSleep1("cat /etc/hosts").ok().text();
        assertThat(own).contains("10.42.0.", "fd00:10:42::");
    }

    @Test
    @Order(2)
    void aServiceOfBothFamiliesAnswersInBoth() {
        assertThat(cluster.field("svc/web", "{.spec.ipFamilies}")).isEqualTo("[\"IPv4\",\"IPv6\"]");
        assertThat(cluster.field("svc/web", "{.spec.clusterIPs[1]}")).startsWith("fd00:10:43::");
        assertThat(cluster.kubectl("get", "endpointslices", "-l", "kubernetes.io/service-name=web")
                        .ok()
                        .text())
                .contains("IPv4", "IPv6");
        for (int i = 0; i < 2; i++) {
            String address = cluster.field("svc/web", "{.spec.clusterIPs[" + i + "]}");
            String host = address.contains(":") ? "[" + address + "]" : address;
            inSleep1("wget -qO- http://" + host + "/index.html").ok().says("hello");
        }
        assertThat(get(node, 30480)).isEqualTo("hello");
        assertThat(get(node6, 30480)).isEqualTo("hello");
    }

    @Test
    @Order(3)
    void namesLeadToAddressesOfBothFamiliesAndBack() {
        String address = cluster.field("svc/web", "{.spec.clusterIPs[1]}");
        inSleep1("nslookup -type=aaaa web.default.svc.cluster.local").ok().says(address);
        inSleep1("nslookup -type=a web.default.svc.cluster.local")
                .ok()
                .says(cluster.field("svc/web", "{.spec.clusterIP}"));
        inSleep1("nslookup " + address).ok().says("name = web.default.svc.cluster.local");
        String pod = cluster.field("pods", "{.items[?(@.metadata.labels.app==\"web\")].status.podIPs[1].ip}");
        inSleep1("nslookup -type=aaaa peers.default.svc.cluster.local").ok().says(pod);
    }

    @Test
    @Order(4)
    void aServiceIsOfOneFamilyUnlessItAsksForMore() {
        cluster.kubectl("create", "service", "clusterip", "plain", "--tcp=80:8080")
                .ok();
        assertThat(cluster.field("svc/plain", "{.spec.ipFamilyPolicy} {.spec.ipFamilies}"))
                .isEqualTo("SingleStack [\"IPv4\"]");
        String dual = "{\"spec\": {\"ipFamilyPolicy\": \"PreferDualStack\"}}";
        cluster.kubectl("patch", "svc", "plain", "-p", dual).ok();
        assertThat(cluster.field("svc/plain", "{.spec.clusterIPs[1]}")).startsWith("fd00:10:43::");
        String single = "{\"spec\": {\"ipFamilyPolicy\": \"SingleStack\"}}";
        cluster.kubectl("patch", "svc", "plain", "-p", single).ok();
        assertThat(cluster.field("svc/plain", "{.spec.ipFamilies} {.spec.clusterIPs}"))
                .isEqualTo("[\"IPv4\"] [\"" + cluster.field("svc/plain", "{.spec.clusterIP}") + "\"]");
        assertThat(cluster.field("svc/kubernetes", "{.spec.ipFamilyPolicy}")).isEqualTo("SingleStack");
    }

    @Test
    @Order(5)
    void hostPortsAnswerOnTheNodeAndAreGivenToOnePod() {
        assertThat(get(node, 8088)).isEqualTo("hello");
        assertThat(get(node6, 8088)).isEqualTo("hello");
        assertThat(get(node, 8089)).as("that one is for the node itself").contains("ConnectException");
        cluster.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: on-node}
                spec:
                  hostNetwork: true
                  containers: [{name: c, image: kiamol/ch03-sleep, imagePullPolicy: IfNotPresent}]
                """).ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/on-node", "--timeout=180s")
                .ok();
        assertThat(cluster.field("pod/on-node", "{.status.podIPs[0].ip} {.status.podIPs[1].ip}"))
                .isEqualTo(node + " " + node6);
        String ask = "wget -qO- http://127.0.0.1:8089/index.html && wget -qO- http://127.0.0.1:8088/index.html";
        cluster.kubectl("exec", "on-node", "--", "sh", "-c", ask).ok().says("hello\nhello");
        cluster.kubectl("scale", "deploy/web", "--replicas=2").ok();
        String words = "1 node(s) didn't have free ports for the requested pod ports";
        Program.eventually(() -> cluster.kubectl("get", "events").text(), events -> events.contains(words));
        cluster.kubectl("delete", "deploy/web").ok();
        Program.eventually(() -> get(node, 8088), answer -> answer.contains("ConnectException"));
    }

    @Test
    @Order(6)
    void withoutIpv6ThereIsOneFamily() throws IOException {
        try (TestCluster single = new TestCluster("single-stack")) {
            single.up("--no-ipv6").ok();
            single.kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=180s")
                    .ok();
            assertThat(single.field("nodes", "{.items[0].spec.podCIDRs} {.items[0].status.addresses[*].type}"))
                    .isEqualTo("[\"10.42.0.0/24\"] InternalIP Hostname");
            String require = """
                    apiVersion: v1
                    kind: Service
                    metadata: {name: web}
                    spec: {ipFamilyPolicy: %s, ports: [{port: 80}]}
                    """;
            single.apply(require.formatted("RequireDualStack"))
                    .fails()
                    .says("spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not configured for"
                            + " dual-stack services");
            single.apply(require.formatted("PreferDualStack")).ok();
            assertThat(single.field("svc/web", "{.spec.ipFamilies}")).isEqualTo("[\"IPv4\"]");
            single.jolly("up", "--no-ipv6", "--no-uplink").ok();
        }
    }
}
