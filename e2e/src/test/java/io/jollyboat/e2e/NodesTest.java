package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledIf;

/** Three nodes on one machine: whatever runs where, everybody finds it; and one of them may fail. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NodesTest {
    private static final String NAME = "triplet";
    private static final List<String> NODES = List.of(NAME, NAME + "-2", NAME + "-3");
    private static final int BALANCED = 18491;
    private static final int EVERYWHERE = 30090;
    private static final int LOCAL = 30091;

    /** Each answers with the client's address and its own name, and leaves a node that is gone after 2 s. */
    private static final String WHO = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: who}
            spec:
              replicas: 3
              selector: {matchLabels: {app: who}}
              template:
                metadata: {labels: {app: who}}
                spec:
                  terminationGracePeriodSeconds: 1
                  topologySpreadConstraints:
                  - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway,
                     labelSelector: {matchLabels: {app: who}}}
                  tolerations:
                  - {key: node.kubernetes.io/unreachable, effect: NoExecute, tolerationSeconds: 2}
                  containers:
                  - name: who
                    image: kiamol/ch03-sleep
                    command: [sh, -c, 'mkdir -p /w/cgi-bin; cd /w/cgi-bin;
                      printf "#!/bin/sh\\necho; echo \\$REMOTE_ADDR \\$HOSTNAME\\n" > who; chmod +x who;
                      echo I am $HOSTNAME; exec httpd -f -p 80 -h /w']
                    readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: who}
            spec: {type: LoadBalancer, selector: {app: who}, ports: [{port: %d, targetPort: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: both}
            spec:
              type: NodePort
              ipFamilyPolicy: PreferDualStack
              selector: {app: who}
              ports: [{port: 80, nodePort: %d}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: peers}
            spec: {clusterIP: None, ipFamilyPolicy: PreferDualStack, selector: {app: who}, ports: [{port: 80}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: local}
            spec:
              type: NodePort
              externalTrafficPolicy: Local
              selector: {place: chosen}
              ports: [{port: 80, nodePort: %d}]
            """.formatted(BALANCED, EVERYWHERE, LOCAL);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    /** Of one who expects no answer. */
    private static final HttpClient HASTY_CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private static TestCluster cluster;
    private static Traces traces;

    /** Where a Pod is. */
    private record Place(String pod, String address, String node) {}

    static boolean isWithoutIpv6() {
        return DualStackTest.isWithoutIpv6();
    }

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster(NAME);
        traces = new Traces(NAME, cluster.home());
        assertThat(traces.find()).isEmpty();
        cluster.up("--nodes", "2", "examples/sleep").ok();
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    private static List<Place> places(String app) {
        String path = "jsonpath={range .items[?(@.status.phase==\"Running\")]}{.metadata.name} {.status.podIP}"
                + " {.spec.nodeName} {.metadata.deletionTimestamp}{\"\\n\"}{end}";
        return cluster.kubectl("get", "pods", "-l", "app=" + app, "-o", path)
                .ok()
                .out()
                .lines()
                .map(line -> line.strip().split(" "))
                .filter(word -> word.length == 3)
                .map(word -> new Place(word[0], word[1], word[2]))
                .toList();
    }

    private static String inside(Place place, String command) {
        return cluster.kubectl("exec", place.pod, "--", "sh", "-c", command)
                .ok()
                .out();
    }

    private static String address(String node) {
        return cluster.field("node/" + node, "{.status.addresses[0].address}");
    }

    /** The host's end of the links to the nodes. */
    private static String host() {
        return address(NAME).replaceFirst("\\.\\d+$", ".1");
    }

    /** What is answered to the host, or why nothing is. */
    private static String get(String host, int port, String path) {
        return get(CLIENT, host, port, path);
    }

    private static String get(HttpClient client, String host, int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
                .timeout(Duration.ofSeconds(60))
                .build();
        try {
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Asks until every Pod of a list has answered. */
    private static void allAnswer(List<Place> pods, Supplier<String> question) {
        Set<String> seen = new TreeSet<>();
        Program.eventually(
                () -> {
                    Arrays.stream(question.get().split("\\s+")).forEach(seen::add);
                    return seen;
                },
                words -> words.containsAll(pods.stream().map(Place::pod).toList()));
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        Program.eventually(process::isAlive, alive -> !alive);
    }

    @Test
    @Order(1)
    void aNodeIsAddedAndNoneTakenAway() {
        List<Place> before = places("sleep-1");
        cluster.up("--nodes", "3").ok();
        assertThat(places("sleep-1")).isEqualTo(before);
        Result refused = cluster.up("--nodes", "2").fails();
        assertThat(refused.err())
                .contains("has 3 nodes, and `up` takes none away")
                .doesNotContain("a bug");
        assertThat(cluster.up("--nodes", "11").status()).isEqualTo(2);
        cluster.up().ok();
        assertThat(cluster.jolly("node", "ls").ok().out()).isEqualTo("triplet up\ntriplet-2 up\ntriplet-3 up\n");
        cluster.jolly("status").ok().says("triplet is ready", "triplet-2 is ready", "triplet-3 is ready");
        cluster.jolly("logs", "--node", "triplet-3").ok().says("containerd");
        assertThat(cluster.kubectl("get", "nodes", "-o", "jsonpath={.items[*].spec.podCIDR}")
                        .ok()
                        .text()
                        .split(" "))
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @Test
    @Order(2)
    void podsAreSpread() {
        cluster.apply(WHO).ok();
        cluster.kubectl("rollout", "status", "deploy/who", "--timeout=180s").ok();
        assertThat(places("who")).extracting(Place::node).containsExactlyInAnyOrderElementsOf(NODES);
        cluster.kubectl("scale", "deploy/sleep-1", "--replicas=6").ok();
        cluster.kubectl("rollout", "status", "deploy/sleep-1", "--timeout=180s").ok();
        assertThat(places("sleep-1"))
                .as("without constraints of their own too")
                .extracting(Place::node)
                .containsAll(NODES);
        cluster.kubectl("scale", "deploy/sleep-1", "--replicas=1").ok();
    }

    @Test
    @Order(3)
    void podsReachEachOtherWithTheirOwnAddresses() {
        List<Place> pods = places("who");
        String all = String.join(" ", pods.stream().map(Place::address).toList());
        assertThat(pods).hasSize(3);
        for (Place from : pods) {
            String answers = inside(from, "for a in %s; do wget -q -O - http://$a/cgi-bin/who; done".formatted(all));
            assertThat(answers.lines())
                    .containsExactlyElementsOf(pods.stream()
                            .map(to -> "[::ffff:" + from.address + "] " + to.pod)
                            .toList());
        }
    }

    @Test
    @Order(4)
    void namesAndServicesWorkOnEveryNode() {
        List<Place> pods = places("who");
        String service = cluster.field("svc/who", "{.spec.clusterIP}");
        for (Place from : pods) {
            assertThat(inside(from, "nslookup who | grep Address")).contains(service);
            inside(from, "nc -w 30 kubernetes.default 443 < /dev/null");
            allAnswer(pods, () -> inside(from, "for i in 1 2 3 4 5 6; do wget -q -O - who:18491/cgi-bin/who; done"));
            String others = inside(from, "for i in 1 2 3 4 5 6; do wget -q -O - who:18491/cgi-bin/who; done");
            assertThat(others.lines().filter(line -> !line.endsWith(from.pod)))
                    .as("between Pods no address is translated")
                    .allMatch(line -> line.startsWith("[::ffff:" + from.address + "] "));
        }
    }

    @Test
    @Order(5)
    @DisabledIf(value = "isWithoutIpv6", disabledReason = "this kernel has no IPv6")
    void allThatWorksWithIpv6Too() {
        List<Place> pods = places("who");
        List<String> addresses = pods.stream()
                .map(pod -> cluster.field("pod/" + pod.pod, "{.status.podIPs[1].ip}"))
                .toList();
        List<String> nodes = NODES.stream()
                .map(node -> cluster.field("node/" + node, "{.status.addresses[1].address}"))
                .toList();
        String service = cluster.field("svc/both", "{.spec.clusterIPs[1]}");
        List<String> all =
                new ArrayList<>(addresses.stream().map(pod -> "[" + pod + "]").toList());
        all.add("[" + service + "]");
        nodes.forEach(node -> all.add("[%s]:%d".formatted(node, EVERYWHERE)));
        for (Place from : pods) {
            String own = "[" + addresses.get(pods.indexOf(from)) + "] ";
            String answers = inside(
                    from, "for a in %s; do wget -q -O - http://$a/cgi-bin/who; done".formatted(String.join(" ", all)));
            assertThat(answers.lines()).as("from %s", from).hasSize(all.size());
            assertThat(answers.lines().limit(3))
                    .containsExactlyElementsOf(
                            pods.stream().map(to -> own + to.pod).toList());
            allAnswer(
                    pods,
                    () -> inside(
                            from,
                            "for i in 1 2 3 4 5 6; do wget -q -O - http://%s/cgi-bin/who; done".formatted(all.get(3))));
            assertThat(inside(from, "nslookup -type=aaaa both.default.svc.cluster.local"))
                    .contains(service);
            assertThat(inside(from, "nslookup -type=aaaa peers.default.svc.cluster.local"))
                    .contains(addresses);
        }
        for (String node : nodes) {
            allAnswer(pods, () -> get("[" + node + "]", EVERYWHERE, "/cgi-bin/who"));
        }
    }

    @Test
    @Order(6)
    void aNodePortAnswersOnEveryNodeWhicheverRunsThePod() {
        for (String image : new String[] {"numbers-api", "numbers-web"}) {
            cluster.jolly("image", "build", "examples/images/" + image).ok();
        }
        cluster.kubectl(
                        "apply",
                        "-f",
                        "examples/numbers/web.yaml",
                        "-f",
                        "examples/numbers-services/web-service-nodePort.yaml")
                .ok();
        cluster.kubectl("rollout", "status", "deploy/numbers-web", "--timeout=180s")
                .ok();
        for (String node : NODES) {
            String address = address(node);
            Program.eventually(() -> get(address, 30080, "/"), page -> page.contains("KIAMOL Random Number Generator"));
        }
        for (Place from : places("who")) {
            String pages = "for a in numbers-web-node:8080 %s:30080 %s:30080 %s:30080; do wget -q -O - http://$a; done"
                    .formatted(NODES.stream().map(NodesTest::address).toArray());
            assertThat(inside(from, pages).split("KIAMOL Random Number Generator</h1>"))
                    .as("from %s", from)
                    .hasSize(5);
        }
    }

    @Test
    @Order(7)
    void theLocalPolicyKeepsToTheNodeAndTheClientsAddress() {
        Place chosen = places("who").stream()
                .filter(place -> place.node.equals("triplet-2"))
                .findFirst()
                .orElseThrow();
        cluster.kubectl("label", "pod", chosen.pod, "place=chosen").ok();
        String there = address("triplet-2");
        String answer = Program.eventually(() -> get(there, LOCAL, "/cgi-bin/who"), text -> text.contains(chosen.pod));
        assertThat(answer).startsWith("[::ffff:" + host() + "] ");
        assertThat(get(HASTY_CLIENT, address(NAME), LOCAL, "/cgi-bin/who")).contains("HttpConnectTimeoutException");
        String fromPods = "wget -q -O - http://%s:%d/cgi-bin/who".formatted(address(NAME), LOCAL);
        Place beside = places("who").stream()
                .filter(place -> place.node.equals(NAME))
                .findFirst()
                .orElseThrow();
        assertThat(inside(beside, fromPods))
                .as("the policy is not for the node's own Pods")
                .contains(chosen.pod);
    }

    @Test
    @Order(8)
    void theLoadBalancerOnLocalhostReachesPodsOnAnyNode() {
        allAnswer(places("who"), () -> get("localhost", BALANCED, "/cgi-bin/who"));
    }

    @Test
    @Order(9)
    void execLogsAndForwardFindTheNode() throws IOException, InterruptedException {
        for (Place pod : places("who")) {
            assertThat(inside(pod, "hostname").strip()).isEqualTo(pod.pod);
            cluster.kubectl("logs", pod.pod).ok().says("I am " + pod.pod);
            try (Forward forward = Forward.to(cluster, "pod/" + pod.pod, 80)) {
                assertThat(forward.get("/cgi-bin/who")).contains("127.0.0.1", pod.pod);
            }
        }
    }

    @Test
    @Order(10)
    void aKilledServerFindsThePodsOfAllNodesAgain() throws IOException {
        String containers = "jsonpath={range .items[*]}{.metadata.name} {.spec.nodeName}"
                + " {.status.containerStatuses[0].containerID} {.status.containerStatuses[0].restartCount}{\"\\n\"}{end}";
        Program.eventually(() -> places("sleep-1"), pods -> pods.size() == 1);
        Program.eventually(
                () -> cluster.kubectl("get", "pods", "--no-headers").ok().out(), all -> !all.contains("Terminating"));
        String before = cluster.kubectl("get", "pods", "-o", containers).ok().out();
        kill(cluster.server());
        cluster.up().ok();
        allAnswer(places("who"), () -> get("localhost", BALANCED, "/cgi-bin/who"));
        assertThat(cluster.kubectl("get", "pods", "-o", containers).ok().out()).isEqualTo(before);
    }

    @Test
    @Order(11)
    void aNodeThatIsSwitchedOffLosesItsPods() {
        cluster.kubectl("run", "stays", "--image=kiamol/ch03-sleep", "--overrides", """
                {"spec": {"nodeName": "triplet-2"}}""")
                .ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/stays", "--timeout=180s")
                .ok();
        assertThat(cluster.jolly("node", "stop", "triplet-4").fails().err()).contains("there is no node triplet-4");
        cluster.jolly("node", "stop", "triplet-2").ok();
        assertThat(traces.processes().filter(line -> line.contains("triplet.2")))
                .isEmpty();
        assertThat(cluster.jolly("node", "ls").ok().out()).contains("triplet-2 off");
        cluster.kubectl("exec", "stays", "--", "true").fails().says("node triplet-2 is not up");
        cluster.field("node/triplet-2", "{.status.conditions[?(@.type==\"Ready\")].status}", "Unknown"::equals);
        String ready = "jsonpath={range .items[*].endpoints[*]}{.nodeName}={.conditions.ready} {end}";
        Program.eventually(
                () -> cluster.kubectl("get", "endpointslices", "-o", ready).ok().text(),
                text -> !text.contains("triplet-2=true"));
        nobodyIsLedAstray(places("who").stream()
                .filter(pod -> !pod.node.equals("triplet-2"))
                .toList());
        List<Place> moved = Program.eventually(
                () -> places("who"),
                pods -> pods.size() == 3 && pods.stream().noneMatch(pod -> pod.node.equals("triplet-2")));
        cluster.kubectl("rollout", "status", "deploy/who", "--timeout=180s").ok();
        allAnswer(moved, () -> get("localhost", BALANCED, "/cgi-bin/who"));
        nobodyIsLedAstray(moved);
        cluster.kubectl("get", "pod", "stays").ok().says("Running");
    }

    /** Every connection of these Pods, and of the host to their nodes, is answered as soon as the rules follow the slices. */
    private static void nobodyIsLedAstray(List<Place> pods) {
        String ask =
                "for i in 1 2 3 4 5 6 7 8 9; do wget -q -O - who:%d/cgi-bin/who; wget -q -O - both/cgi-bin/who; done; true"
                        .formatted(BALANCED);
        for (Place from : pods) {
            Program.eventually(() -> inside(from, ask), text -> text.lines().count() == 18);
            assertThat(inside(from, ask).lines())
                    .as("nobody is led to the node that is off")
                    .hasSize(18);
        }
        for (Place at : pods) {
            for (int i = 0; i < 9; i++) {
                assertThat(get(address(at.node), EVERYWHERE, "/cgi-bin/who")).startsWith("[");
                assertThat(get("localhost", BALANCED, "/cgi-bin/who")).startsWith("[");
            }
        }
    }

    @Test
    @Order(12)
    void andComesBackClean() {
        cluster.jolly("node", "start", "triplet-2").ok();
        Program.eventually(() -> cluster.jolly("status").text(), text -> text.contains("triplet-2 is ready"));
        cluster.field("node/triplet-2", "{.spec.taints}", String::isEmpty);
        cluster.field("pod/stays", "{.status.containerStatuses[0].restartCount}", "1"::equals);
        cluster.kubectl("wait", "--for=condition=Ready", "pod/stays", "--timeout=180s")
                .ok();
        Program.eventually(
                () -> cluster.kubectl("get", "pods", "-l", "app=who", "--no-headers")
                        .ok()
                        .out()
                        .lines()
                        .toList(),
                lines -> lines.size() == 3 && lines.stream().allMatch(line -> line.contains("Running")));
        String here = "jsonpath={.items[?(@.spec.nodeName==\"triplet-2\")].metadata.name}";
        Program.eventually(
                () -> {
                    long pods = cluster.kubectl("get", "pods", "-A", "-o", here)
                            .ok()
                            .text()
                            .split(" ")
                            .length;
                    long shims = traces.processes()
                            .filter(line -> line.contains("containerd-shim") && line.contains("triplet.2"))
                            .count();
                    return List.of(pods, shims);
                },
                counts -> counts.getFirst().equals(counts.getLast()));
        cluster.kubectl("scale", "deploy/who", "--replicas=6").ok();
        cluster.kubectl("rollout", "status", "deploy/who", "--timeout=180s").ok();
        assertThat(places("who")).extracting(Place::node).contains("triplet-2");
        allAnswer(places("who"), () -> get("localhost", BALANCED, "/cgi-bin/who"));
    }

    @Test
    @Order(13)
    void downAndUp() {
        cluster.jolly("down").ok();
        assertThat(traces.processes()).isEmpty();
        cluster.up().ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=180s")
                .ok();
        allAnswer(places("who"), () -> get("localhost", BALANCED, "/cgi-bin/who"));
    }

    @Test
    @Order(14)
    void deleteLeavesNothing() {
        assertThat(traces.find()).anyMatch(line -> line.contains("triplet.3"));
        cluster.jolly("delete").ok().says("Cluster triplet is gone");
        assertThat(traces.find()).isEmpty();
    }
}
