package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The exercises of a course chapter on Services, in order, with the stock kubectl and a plain HTTP client: on one node,
 * and on three with another way to load balancers.
 */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ParameterizedClass
@CsvSource({"1, localhost", "3, node"})
class ServiceExercisesTest {
    /** Of the page on the host's loopback; the course's 8080 may be taken on the machine that runs this. */
    private static final int PAGE = 18480;

    private static final int LAB = 18488;
    private static final String[] SLEEP_2 = {"get", "endpoints", "sleep-2", "--no-headers"};

    private static final HttpClient BROWSER =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    private static TestCluster cluster;
    private static Outside outside;
    private static String balancer;

    private final int nodes;
    private final String mode;

    ServiceExercisesTest(int nodes, String mode) {
        this.nodes = nodes;
        this.mode = mode;
    }

    @BeforeParameterizedClassInvocation
    static void up(int nodes, String mode) throws IOException {
        cluster = new TestCluster("services");
        cluster.up(
                        "--nodes",
                        String.valueOf(nodes),
                        "--load-balancer",
                        mode,
                        "examples/sleep/sleep1.yaml",
                        "examples/sleep/sleep2.yaml")
                .ok();
        outside = Outside.beside(cluster);
        cluster.jolly("up", "--no-install", "--dns-upstream", Outside.ADDRESS).ok();
        for (String image : new String[] {"numbers-api", "numbers-web", "numbers-web-v2"}) {
            cluster.jolly("image", "build", "examples/images/" + image).ok();
        }
    }

    @AfterParameterizedClassInvocation
    static void delete() throws IOException {
        try (TestCluster _ = cluster) {
            outside.close();
        }
    }

    /** The page that a browser shows after Go! was pressed. */
    private static String go(String host, int port) {
        try {
            URI page = URI.create("http://" + host + ":" + port + "/");
            HttpRequest press = HttpRequest.newBuilder(page)
                    .timeout(Duration.ofSeconds(60))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(""))
                    .build();
            return BROWSER.send(press, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void untilGoSays(String host, int port, String text) throws InterruptedException {
        Program.eventually(() -> go(host, port), page -> page.contains(text));
    }

    /** The page with a number, whichever it is: who waits for too long is told that there is none. */
    private static String number(String host, int port) {
        return Program.eventually(() -> go(host, port), page -> page.contains("Here it is: "));
    }

    private static Result inSleep1(String command) {
        return cluster.kubectl("exec", "deploy/sleep-1", "--", "sh", "-c", command);
    }

    private static String field(String kind, String name, String path) {
        return cluster.kubectl("get", kind, name, "-o", "jsonpath={" + path + "}")
                .ok()
                .text();
    }

    private static void applyOn(int from, int to, String manifest) throws IOException {
        String text = Files.readString(Path.of("..").resolve(manifest));
        cluster.apply(text.replace("port: " + from, "port: " + to)).ok();
    }

    @Test
    @Order(7)
    void aServiceHasAnAddress() {
        cluster.kubectl("apply", "-f", "examples/sleep/sleep2-service.yaml").ok();
        cluster.kubectl("get", "svc", "sleep-2")
                .ok()
                .says("ClusterIP", field("svc", "sleep-2", ".spec.clusterIP"), "<none>", "80/TCP");
    }

    @Test
    @Order(8)
    void itsNameResolvesAndNobodyAnswersPing() {
        inSleep1("ping -c 1 -W 1 sleep-2")
                .fails()
                .says("PING sleep-2 (" + field("svc", "sleep-2", ".spec.clusterIP"), "100% packet loss");
    }

    @Test
    @Order(9)
    void withoutAServiceTheNumbersAreUnavailable() throws IOException, InterruptedException {
        cluster.kubectl("apply", "-f", "examples/numbers/api.yaml", "-f", "examples/numbers/web.yaml")
                .ok();
        cluster.kubectl("wait", "--for=condition=Available", "deploy", "--all", "--timeout=180s")
                .ok();
        applyOn(8080, PAGE, "examples/numbers/web-service.yaml");
        balancer =
                cluster.field("svc/numbers-web", "{.status.loadBalancer.ingress[0].*}", address -> !address.isEmpty());
        untilGoSays(balancer, PAGE, "RNG service unavailable!");
    }

    @Test
    @Order(10)
    void withAServiceTheyCome() throws InterruptedException {
        cluster.kubectl("apply", "-f", "examples/numbers/api-service.yaml").ok();
        untilGoSays(balancer, PAGE, "Here it is: ");
    }

    @Test
    @Order(11)
    void aReplacedPodIsFoundAgain() throws InterruptedException {
        String address = field("svc", "numbers-api", ".spec.clusterIP");
        cluster.kubectl("delete", "pod", "-l", "app=numbers-api").ok();
        untilGoSays(balancer, PAGE, "Here it is: ");
        assertThat(field("svc", "numbers-api", ".spec.clusterIP")).isEqualTo(address);
    }

    @Test
    @Order(12)
    void aLoadBalancerHasAnExternalAddress() throws InterruptedException {
        cluster.kubectl("get", "svc", "numbers-web").ok().says("LoadBalancer", balancer, PAGE + ":3");
        String url = cluster.kubectl(
                        "get",
                        "svc",
                        "numbers-web",
                        "-o",
                        "jsonpath=http://{.status.loadBalancer.ingress[0].*}:" + PAGE)
                .ok()
                .text();
        String first = field("node", "services", ".status.addresses[0].address");
        assertThat(url).isEqualTo("http://" + (mode.equals("node") ? first : mode) + ":" + PAGE);
        untilGoSays(balancer, PAGE, "Here it is: ");
    }

    @Test
    @Order(15)
    void aNodePortAnswersOnEveryNode() throws InterruptedException {
        cluster.kubectl("apply", "-f", "examples/numbers-services/web-service-nodePort.yaml")
                .ok();
        assertThat(cluster.nodes()).hasSize(nodes);
        for (String node : cluster.nodes()) {
            untilGoSays(field("node", node, ".status.addresses[0].address"), 30080, "Here it is: ");
        }
        inSleep1("wget -q -O - http://numbers-web-node:8080").ok().says("KIAMOL Random Number Generator");
    }

    @Test
    @Order(16)
    void aMisplacedFieldIsRefused() throws IOException {
        cluster.kubectl("delete", "svc", "numbers-web-node").ok();
        cluster.apply("""
                        apiVersion: v1
                        kind: Service
                        metadata:
                          name: numbers-web-node
                        spec:
                          type: NodePort
                          app: numbers-web
                          ports: [{port: 8080, targetPort: 80, nodePort: 30080}]
                        """).fails().says("unknown field \"spec.app\"");
        cluster.kubectl("get", "svc", "numbers-web-node").fails().says("not found");
    }

    @Test
    @Order(17)
    void anExternalNameHasNoAddress() {
        cluster.kubectl("delete", "svc", "numbers-api").ok();
        cluster.kubectl("apply", "-f", "examples/numbers-services/api-service-externalName.yaml")
                .ok();
        Result shown =
                cluster.kubectl("get", "svc", "numbers-api", "--no-headers").ok();
        assertThat(shown.text().split(" +"))
                .startsWith("numbers-api", "ExternalName", "<none>", "raw.githubusercontent.com", "<none>");
    }

    @Test
    @Order(18)
    void theNumberComesFromOutsideAndIsAlwaysTheSame() throws InterruptedException {
        untilGoSays(balancer, PAGE, "Here it is: " + Outside.NUMBER + "<");
        for (int i = 0; i < 5; i++) {
            assertThat(number(balancer, PAGE)).contains("Here it is: " + Outside.NUMBER + "<");
        }
    }

    @Test
    @Order(19)
    void theNameLeadsToTheOutsidesName() {
        inSleep1("nslookup numbers-api | tail -n 5")
                .ok()
                .says("numbers-api.default.svc.cluster.local\tcanonical name = raw.githubusercontent.com\n"
                        + "Name:\traw.githubusercontent.com\nAddress: " + Outside.ADDRESS);
        inSleep1("nslookup no-such-name.example").fails().says("NXDOMAIN");
    }

    @Test
    @Order(20)
    void handWrittenEndpointsAreMirrored() throws InterruptedException {
        cluster.kubectl("delete", "svc", "numbers-api").ok();
        cluster.kubectl("apply", "-f", "examples/numbers-services/api-service-headless.yaml")
                .ok();
        cluster.kubectl("get", "endpoints", "numbers-api").ok().says("192.168.123.234:80");
        String[] slices = {"get", "endpointslices", "-l", "kubernetes.io/service-name=numbers-api", "--no-headers"};
        Program.eventually(() -> cluster.kubectl(slices).out(), out -> out.contains("192.168.123.234"));
    }

    @Test
    @Order(21)
    void theNameLeadsToTheServiceAndTheServiceNowhere() throws InterruptedException {
        String address = field("svc", "numbers-api", ".spec.clusterIP");
        Program.eventually(
                () -> inSleep1("nslookup numbers-api | grep \"^[^*]\"").text(),
                text -> text.contains("numbers-api.default.svc.cluster.local") && text.contains(address));
        untilGoSays(balancer, PAGE, "RNG service unavailable!");
    }

    @Test
    @Order(22)
    void endpointsFollowThePods() throws InterruptedException {
        String before = cluster.kubectl(SLEEP_2).ok().out();
        assertThat(before).contains("10.42.");
        cluster.kubectl("delete", "pods", "-l", "app=sleep-2").ok();
        Program.eventually(
                () -> cluster.kubectl(SLEEP_2).ok().out(),
                now -> now.contains("10.42.") && !address(now).equals(address(before)));
    }

    private static String address(String row) {
        return row.strip().split(" +")[1];
    }

    @Test
    @Order(23)
    void withoutPodsTheEndpointsAreEmpty() throws InterruptedException {
        cluster.kubectl("delete", "deploy", "sleep-2").ok();
        Program.eventually(() -> cluster.kubectl(SLEEP_2).ok().out(), now -> now.contains("<none>"));
    }

    @Test
    @Order(24)
    void theClustersOwnServices() {
        cluster.kubectl("get", "svc", "--namespace", "default").ok().says("kubernetes");
        cluster.kubectl("get", "svc", "-n", "kube-system").ok().says("kube-dns", "53/UDP,53/TCP,9153/TCP");
    }

    @Test
    @Order(25)
    void fullNamesResolve() {
        inSleep1("nslookup numbers-api.default.svc.cluster.local").says(field("svc", "numbers-api", ".spec.clusterIP"));
        inSleep1("nslookup kube-dns.kube-system.svc.cluster.local").says("10.43.0.10");
    }

    @Test
    @Order(26)
    void podsReachTheApiThroughItsService() {
        inSleep1("nc -w 30 kubernetes.default 443 < /dev/null").ok();
        inSleep1("nc -w 2 kubernetes.default 444 < /dev/null").fails();
    }

    @Test
    @Order(27)
    void theLab() throws IOException, InterruptedException {
        cluster.kubectl("delete", "svc", "--all").ok();
        cluster.kubectl("apply", "-f", "examples/lab/deployments.yaml").ok();
        cluster.kubectl("wait", "--for=condition=Available", "deploy", "--all", "--timeout=180s")
                .ok();
        applyOn(8088, LAB, "examples/lab/services.yaml");
        untilGoSays(balancer, LAB, "Here it is: ");
        for (int i = 0; i < 10; i++) {
            assertThat(number(balancer, LAB)).contains("linear-gradient");
        }
    }
}
