package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Services in bad times: many at once, two that want the same, Pods that go under load, rules that are damaged. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServiceFaultsTest {
    private static final int MANY = 1000;
    private static final int PORT = 30580;
    private static final String RULES = "jollyboat_services";

    private static final String WEB = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 3
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 5
                  containers:
                  - name: web
                    image: kiamol/ch03-sleep
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, 'mkdir -p /tmp/www; echo hello >/tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www']
                    readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              type: NodePort
              selector: {app: web}
              ports: [{port: 80, targetPort: 8080, nodePort: 30580}]
            """;

    private static final int HASTY_PORT = 30583;

    /** Ends at once when it is told to, with whatever it holds. */
    private static final String HASTY = WEB.replace("web", "hasty")
            .replace("nodePort: 30580", "nodePort: " + HASTY_PORT)
            .replace("exec httpd -f -p 8080 -h /tmp/www", "trap \"exit 0\" TERM; httpd -f -p 8080 -h /tmp/www & wait");

    private static final String NOT_CONNECTED = "not connected: ";
    private static final int CLIENTS = 4;

    private static TestCluster cluster;
    private static String node;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("service-faults");
        cluster.up("examples/sleep/sleep1.yaml").ok();
        cluster.apply(WEB).ok();
        cluster.kubectl("rollout", "status", "deploy/web", "--timeout=180s").ok();
        node = cluster.field("nodes", "{.items[0].status.addresses[0].address}");
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    /** What one connection of its own brings: the page, or what went wrong. */
    private static String ask() {
        return ask(PORT);
    }

    private static String ask(int port) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(30_000);
            try {
                socket.connect(new InetSocketAddress(node, port), 30_000);
            } catch (IOException e) {
                return NOT_CONNECTED + e;
            }
            socket.getOutputStream().write("GET /index.html HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.endsWith("hello\n") ? "hello" : "cut off: " + answer;
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Asks from several sides while something happens; what went wrong. */
    private static List<String> failuresDuring(Runnable event) {
        return failuresDuring(PORT, event);
    }

    private static List<String> failuresDuring(int port, Runnable event) {
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                while (!over.get()) {
                    String answer = ask(port);
                    answers.incrementAndGet();
                    if (!answer.equals("hello")) {
                        failures.add(answer);
                    }
                }
            }));
        }
        try {
            Program.eventually(answers::get, count -> count > 50);
            event.run();
            int before = answers.get();
            Program.eventually(answers::get, count -> count > before + 50);
        } finally {
            over.set(true);
        }
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return List.copyOf(failures);
    }

    private static void untilThreeServe() {
        cluster.field("deploy/web", "{.status.readyReplicas}", "3"::equals);
    }

    private static List<String> pods(String app) {
        return cluster.kubectl("get", "pods", "-l", "app=" + app, "-o", "name")
                .text()
                .lines()
                .toList();
    }

    @Test
    @Order(1)
    void aPodThatEndsGracefullyFailsNobody() {
        assertThat(failuresDuring(() -> {
                    String pod = cluster.kubectl("get", "pods", "-l", "app=web", "-o", "name")
                            .text()
                            .lines()
                            .findFirst()
                            .orElseThrow();
                    cluster.kubectl("delete", pod).ok();
                    untilThreeServe();
                }))
                .isEmpty();
    }

    @Test
    @Order(2)
    void aRolloutFailsNobody() {
        assertThat(failuresDuring(() -> {
                    cluster.kubectl("rollout", "restart", "deploy/web").ok();
                    cluster.kubectl("rollout", "status", "deploy/web", "--timeout=180s")
                            .ok();
                }))
                .isEmpty();
    }

    @Test
    @Order(3)
    void aPodThatIsKilledFailsOnlyWhatItHeld() {
        List<String> failures = failuresDuring(() -> {
            String pod = cluster.kubectl("get", "pods", "-l", "app=web", "-o", "name")
                    .text()
                    .lines()
                    .findFirst()
                    .orElseThrow();
            cluster.kubectl("delete", pod, "--grace-period=0", "--force").ok();
            untilThreeServe();
        });
        assertThat(failures).as("four clients have four connections").hasSizeLessThanOrEqualTo(CLIENTS);
    }

    /**
     * Its Pods get TERM when no new connection is led to them any more, so each connection is made with one that
     * serves. What such a Pod holds at that moment it drops: at most one of each client.
     */
    @Test
    @Order(3)
    void anApplicationThatEndsAtOnceRefusesNobody() {
        cluster.apply(HASTY).ok();
        cluster.kubectl("rollout", "status", "deploy/hasty", "--timeout=180s").ok();
        List<String> before = pods("hasty");
        assertThat(before).hasSize(3);
        List<String> failures = failuresDuring(HASTY_PORT, () -> {
            for (String pod : before) {
                cluster.kubectl("delete", pod).ok();
                cluster.kubectl("rollout", "status", "deploy/hasty", "--timeout=180s")
                        .ok();
            }
            cluster.kubectl("rollout", "restart", "deploy/hasty").ok();
            cluster.kubectl("rollout", "status", "deploy/hasty", "--timeout=180s")
                    .ok();
        });
        cluster.kubectl("delete", "deploy,svc", "hasty").ok();
        assertThat(failures).noneMatch(failure -> failure.startsWith(NOT_CONNECTED));
        assertThat(failures)
                .as("six Pods, and four clients with one connection each")
                .hasSizeLessThanOrEqualTo(6 * CLIENTS);
    }

    @Test
    @Order(4)
    void damagedRulesAreRepaired() {
        String namespace = cluster.name().equals("jolly") ? "jolly" : cluster.name();
        String[] nft = {"ip", "netns", "exec", namespace, "nft"};
        for (String damage : new String[] {"flush table ip " + RULES, "delete table ip " + RULES}) {
            List<String> command = new ArrayList<>(Arrays.asList(nft));
            command.addAll(Arrays.asList(damage.split(" ")));
            Program.run(command.toArray(new String[0]));
            Program.eventually(ServiceFaultsTest::ask, "hello"::equals);
        }
    }

    @Test
    @Order(5)
    void theProxysEndAndReturnFailNobody() {
        assertThat(failuresDuring(() -> {
                    try {
                        cluster.server().destroyForcibly();
                        cluster.server().onExit().join();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                    cluster.up().ok();
                    cluster.kubectl("wait", "--for=condition=Ready", "node", "--all", "--timeout=180s")
                            .ok();
                }))
                .isEmpty();
    }

    @Test
    @Order(6)
    void twoWhoWantOneNodePort() {
        String manifest = """
                apiVersion: v1
                kind: Service
                metadata: {name: %s}
                spec: {type: NodePort, ports: [{port: 80, nodePort: 30581}]}
                """;
        CompletableFuture<Result> one = CompletableFuture.supplyAsync(
                () -> cluster.apply(manifest.formatted("one")), Thread::startVirtualThread);
        CompletableFuture<Result> two = CompletableFuture.supplyAsync(
                () -> cluster.apply(manifest.formatted("two")), Thread::startVirtualThread);
        List<Result> results = List.of(one.join(), two.join());
        assertThat(results.stream().filter(result -> result.status() == 0)).hasSize(1);
        results.stream()
                .filter(result -> result.status() != 0)
                .forEach(refused -> refused.says(
                        "spec.ports[0].nodePort: Invalid value: 30581: provided port is already allocated"));
    }

    @Test
    @Order(7)
    void addressesOutsideOfTheRangeAreRefused() {
        String manifest = """
                apiVersion: v1
                kind: Service
                metadata: {name: far}
                spec: {clusterIP: 192.0.2.1, ports: [{port: 80}]}
                """;
        cluster.apply(manifest)
                .fails()
                .says(
                        "failed to allocate IP 192.0.2.1: the provided IP (192.0.2.1) is not in the valid range. The range"
                                + " of valid IPs is 10.43.0.0/16");
    }

    @Test
    @Order(8)
    void aThousandAtOnceAllWork() {
        StringBuilder manifest = new StringBuilder();
        for (int i = 0; i < MANY; i++) {
            manifest.append("""
                    ---
                    apiVersion: v1
                    kind: Service
                    metadata: {name: many-%d, labels: {many: "yes"}}
                    spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
                    """.formatted(i));
        }
        cluster.kubectlFed(manifest.toString(), "create", "-f", "-").ok();
        List<String> addresses = cluster.kubectl(
                        "get",
                        "svc",
                        "-l",
                        "many=yes",
                        "-o",
                        "jsonpath={range .items[*]}{.spec.clusterIP}{\"\\n\"}{end}")
                .ok()
                .text()
                .lines()
                .toList();
        Set<String> distinct = new HashSet<>(addresses);
        assertThat(distinct).hasSize(MANY);
        for (int i : new int[] {0, MANY / 2, MANY - 1}) {
            String get = "wget -qO- http://%s/index.html".formatted(addresses.get(i));
            Program.eventually(
                    () -> cluster.kubectl("exec", "deploy/sleep-1", "--", "sh", "-c", get)
                            .text(),
                    "hello"::equals);
        }
        cluster.kubectl("delete", "svc", "-l", "many=yes", "--wait=false").ok();
        String get = "wget -qO- http://%s/index.html".formatted(addresses.getLast());
        Program.eventually(
                () -> cluster.kubectl("exec", "deploy/sleep-1", "--", "sh", "-c", get)
                        .status(),
                status -> status != 0);
        assertThat(ask()).isEqualTo("hello");
    }
}
