package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The three ways in which Services of type LoadBalancer are reached, one after the other on one cluster: first of one
 * node, then of three, where what stands for the outside is beside the second.
 */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoadBalancersTest {
    /** In place of the course's 8080 and 8088, which may be taken on the machine that runs this. */
    private static final int PAGE = 18580;

    private static final int LAB = 18588;
    private static final int TELLER = 18577;
    private static final int MOVED = 18579;
    private static final int CONNECT_MILLIS = 3000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient BROWSER =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private static TestCluster cluster;
    private static Optional<Outside> outside = Optional.empty();

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("balancers");
        cluster.up("examples/numbers/api.yaml", "examples/numbers/api-service.yaml", "examples/numbers/web.yaml")
                .ok();
        cluster.jolly("image", "build", "examples/images/numbers-web-v2").ok();
    }

    @AfterAll
    static void delete() throws IOException {
        try (TestCluster _ = cluster) {
            outside.ifPresent(Outside::close);
        }
    }

    @AfterEach
    void clear() {
        cluster.kubectl("delete", "svc,endpointslices", "-l", "test=balancers").ok();
        cluster.kubectl("delete", "deploy", "-l", "test=lab").ok();
        cluster.kubectl("delete", "svc", "numbers-web", "--ignore-not-found").ok();
        cluster.kubectl("apply", "-f", "examples/numbers/api-service.yaml").ok();
    }

    private static void mode(String mode) {
        cluster.jolly("up", "--no-install", "--load-balancer", mode).ok();
    }

    /** The URL that the exercise prints, as soon as it is one. */
    private static String url(String service, int port) {
        return Program.eventually(
                () -> cluster.kubectl(
                                "get",
                                "svc",
                                service,
                                "-o",
                                "jsonpath=http://{.status.loadBalancer.ingress[0].*}:" + port)
                        .ok()
                        .text(),
                url -> url.matches("http://(localhost|[0-9.]+):" + port));
    }

    private static String host(String url) {
        return URI.create(url).getHost();
    }

    private static String go(String url) {
        try {
            HttpRequest press = HttpRequest.newBuilder(URI.create(url + "/"))
                    .timeout(PATIENCE)
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

    private static String status(String url) {
        try {
            HttpRequest get =
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build();
            return String.valueOf(BROWSER.send(get, BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The page, whichever it is. */
    private static String page(String url) {
        return Program.eventually(() -> go(url), page -> page.contains("<html"));
    }

    private static void untilGoSays(String url, String text) {
        Program.eventually(() -> go(url), page -> page.contains(text));
    }

    private static void applyOn(int from, int to, String manifest) throws IOException {
        String text = Files.readString(Path.of("..").resolve(manifest));
        cluster.apply(text.replace("port: " + from, "port: " + to)).ok();
    }

    private static List<String> nodes() {
        return cluster.nodes().stream()
                .map(node -> cluster.field("node/" + node, "{.status.addresses[0].address}"))
                .toList();
    }

    private static String second() {
        return nodes().get(1);
    }

    /** Of the addresses of the nodes and of the host's end of their links. */
    private static String block() {
        return second().replaceFirst("[0-9]+$", "0");
    }

    private static void patch(String service, String spec) {
        cluster.kubectl("patch", "svc", service, "-p", "{\"spec\":{" + spec + "}}")
                .ok();
    }

    /** A Service, and an endpoint of it by hand: the outside's server that tells its clients their address. */
    private static void teller(String name, String policy) {
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, labels: {test: balancers}}
                spec:
                  type: LoadBalancer
                  externalTrafficPolicy: %2$s
                  allocateLoadBalancerNodePorts: false
                  ports: [{name: t, port: %3$d}, {name: u, port: %3$d, protocol: UDP}]
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %1$s-1, labels: {test: balancers, kubernetes.io/service-name: %1$s}}
                addressType: IPv4
                ports: [{name: t, port: %4$d}, {name: u, port: %4$d, protocol: UDP}]
                endpoints: [{addresses: [%5$s], nodeName: %6$s}]
                """.formatted(
                                name,
                                policy,
                                TELLER,
                                Outside.TELLER,
                                Outside.ADDRESS,
                                cluster.nodes().get(1)))
                .ok();
    }

    private static String tcp(String host) {
        return tcp(host, TELLER);
    }

    private static String tcp(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String udp(String host) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(1000);
            socket.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(host), TELLER));
            DatagramPacket answer = new DatagramPacket(new byte[64], 64);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @ParameterizedTest
    @Order(1)
    @ValueSource(strings = {"localhost", "node", "pool"})
    void thePageIsWhereTheServiceSays(String mode) throws IOException {
        mode(mode);
        applyOn(8080, PAGE, "examples/numbers/web-service.yaml");
        String url = url("numbers-web", PAGE);
        cluster.kubectl("get", "svc", "numbers-web").ok().says("LoadBalancer", host(url), PAGE + ":3", "/TCP");
        untilGoSays(url, "Here it is: ");
        cluster.kubectl("describe", "svc", "numbers-web").ok().says("EnsuredLoadBalancer");

        cluster.kubectl("patch", "svc", "numbers-web", "-p", "{\"spec\":{\"type\":\"ClusterIP\"}}")
                .ok();
        cluster.field("svc/numbers-web", "{.status.loadBalancer.ingress}", String::isEmpty);
        Program.eventually(() -> go(url), answer -> answer.contains("ConnectException"));
    }

    @Test
    @Order(2)
    void twoMoreNodes() {
        cluster.up("--nodes", "3").ok();
        cluster.jolly("image", "build", "examples/images/sleep").ok();
        for (String node : cluster.nodes()) {
            String there = "{\"spec\": {\"nodeName\": \"" + node + "\"}}";
            cluster.kubectl("run", "at-" + node, "--image=kiamol/ch03-sleep", "--overrides", there)
                    .ok();
        }
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "-l", "run", "--timeout=180s")
                .ok();
        outside = Optional.of(Outside.beside(cluster, 2));
    }

    @ParameterizedTest
    @Order(3)
    @ValueSource(strings = {"localhost", "node", "pool"})
    void theLab(String mode) throws IOException {
        mode(mode);
        cluster.kubectl("delete", "svc", "numbers-api").ok();
        cluster.kubectl("apply", "-f", "examples/lab/deployments.yaml").ok();
        cluster.kubectl("label", "deploy", "lab-numbers-api", "lab-numbers-web", "lab-numbers-web-v2", "test=lab")
                .ok();
        applyOn(8088, LAB, "examples/lab/services.yaml");
        cluster.kubectl("wait", "--for=condition=Available", "deploy", "--all", "--timeout=180s")
                .ok();
        String url = url("numbers-web", LAB);
        untilGoSays(url, "Here it is: ");
        for (int i = 0; i < 10; i++) {
            assertThat(page(url)).contains("linear-gradient");
        }
        answersInBothFamilies(mode);
    }

    private static void answersInBothFamilies(String mode) {
        if (mode.equals("localhost") || !Files.isDirectory(Path.of("/proc/sys/net/ipv6"))) {
            return;
        }
        patch("numbers-web", "\"ipFamilyPolicy\": \"RequireDualStack\"");
        String addresses = cluster.field(
                "svc/numbers-web",
                "{.status.loadBalancer.ingress[*].ip}",
                text -> text.split(" ").length == (mode.equals("node") ? 6 : 2) && text.contains("fd00:10:41:"));
        for (String address : addresses.split(" ")) {
            String literal = address.contains(":") ? "[" + address + "]" : address;
            untilGoSays("http://" + literal + ":" + LAB, "Here it is: ");
        }
    }

    @ParameterizedTest
    @Order(4)
    @ValueSource(strings = {"localhost", "node", "pool"})
    void tcpAndUdpAndTheClientsAddress(String mode) {
        mode(mode);
        teller("teller", "Cluster");
        String main = host(url("teller", TELLER));
        for (String host : mode.equals("node") ? nodes() : List.of(main)) {
            Program.eventually(() -> tcp(host), told -> told.startsWith("you are 10.41."));
            Program.eventually(() -> udp(host), told -> told.startsWith("you are 10.41."));
            askFromPods(mode, host);
        }
        patch("teller", "\"externalTrafficPolicy\":\"Local\"");
        String self = "you are " + nodes().getFirst().replaceFirst("\\.[0-9]+$", ".1");
        String host = switch (mode) {
            case "node" -> cluster.field("svc/teller", "{.status.loadBalancer.ingress[*].ip}", second()::equals);
            default -> main;
        };
        if (!mode.equals("localhost")) {
            Program.eventually(() -> tcp(host), self::equals);
            Program.eventually(() -> udp(host), self::equals);
            askFromPods(mode, host);
        }
        healthIsToldByEachNode();
        portsChange(host);
        sourcesAreHeeded(host);
    }

    /** On every node; the external policy is not for the cluster's own. On localhost they are themselves. */
    private static void askFromPods(String mode, String host) {
        if (!mode.equals("localhost")) {
            for (String node : cluster.nodes()) {
                String[] ask = {"exec", "at-" + node, "--", "sh", "-c", "timeout 5 nc %s %d </dev/null"};
                ask[5] = ask[5].formatted(host, TELLER);
                Program.eventually(() -> cluster.kubectl(ask).out(), told -> told.startsWith("you are 10.4"));
            }
        }
    }

    /** The Service's one endpoint is on the second node. */
    private static void healthIsToldByEachNode() {
        String port = cluster.field("svc/teller", "{.spec.healthCheckNodePort}");
        for (String node : nodes()) {
            Program.eventually(
                    () -> status("http://" + node + ":" + port),
                    status -> status.equals(node.equals(second()) ? "200" : "503"));
        }
    }

    private static void portsChange(String host) {
        cluster.kubectl(
                        "patch",
                        "svc",
                        "teller",
                        "--type=json",
                        "-p",
                        "[{\"op\": \"replace\", \"path\": \"/spec/ports/0/port\", \"value\": " + MOVED + "}]")
                .ok();
        Program.eventually(() -> tcp(host, MOVED), told -> told.startsWith("you are "));
        Program.eventually(() -> tcp(host), told -> !told.startsWith("you are "));
        Program.eventually(() -> udp(host), told -> told.startsWith("you are "));
    }

    private static void sourcesAreHeeded(String host) {
        patch("teller", "\"loadBalancerSourceRanges\": [\"10.99.0.0/16\"]");
        Program.eventually(() -> tcp(host, MOVED), told -> !told.startsWith("you are "));
        Program.eventually(() -> udp(host), told -> !told.startsWith("you are "));
        patch("teller", "\"loadBalancerSourceRanges\": [\"127.0.0.0/8\", \"%s/24\"]".formatted(block()));
        Program.eventually(() -> tcp(host, MOVED), told -> told.startsWith("you are "));
        Program.eventually(() -> udp(host), told -> told.startsWith("you are "));
    }

    @ParameterizedTest
    @Order(5)
    @ValueSource(strings = {"localhost", "node"})
    void aClashIsToldAndEndsWithTheOther(String mode) {
        mode(mode);
        teller("first", "Cluster");
        String host = host(url("first", TELLER));
        Program.eventually(() -> tcp(host), told -> told.startsWith("you are "));
        teller("second", "Cluster");
        String clash = "port " + TELLER + "/TCP belongs to Service default/first, which is older";
        cluster.field(
                "svc/second",
                "{.status.conditions[?(@.type==\"LoadBalancerPortsError\")].message}",
                message -> message.contains(clash));
        assertThat(cluster.field("svc/second", "{.status.loadBalancer.ingress}"))
                .isEmpty();
        Program.eventually(
                () -> cluster.kubectl("get", "events", "--field-selector", "reason=PortClash")
                        .out(),
                events -> events.contains(clash));
        cluster.kubectl("delete", "svc", "first").ok();
        assertThat(url("second", TELLER)).contains(host);
        Program.eventually(() -> tcp(host), told -> told.startsWith("you are "));
        assertThat(cluster.field("svc/second", "{.status.conditions}")).isIn("", "[]");
    }

    @ParameterizedTest
    @Order(6)
    @ValueSource(strings = {"pool"})
    void manyShareAPortAndAskForAddresses(String mode) {
        mode(mode);
        teller("first", "Cluster");
        teller("second", "Cluster");
        String first = host(url("first", TELLER));
        String second = host(url("second", TELLER));
        assertThat(first).isNotEqualTo(second);
        Program.eventually(() -> tcp(first), told -> told.startsWith("you are "));
        Program.eventually(() -> tcp(second), told -> told.startsWith("you are "));
        String asked = first.replaceFirst("[0-9]+$", "200");
        cluster.kubectl("patch", "svc", "second", "-p", "{\"spec\":{\"loadBalancerIP\":\"" + asked + "\"}}")
                .ok();
        cluster.field("svc/second", "{.status.loadBalancer.ingress[0].ip}", asked::equals);
        Program.eventually(() -> tcp(asked), told -> told.startsWith("you are "));
        // It was given back: there is no such host any more.
        Program.eventually(() -> tcp(second), told -> told.contains("No route to host"));
        cluster.kubectl("patch", "svc", "first", "-p", "{\"spec\":{\"loadBalancerIP\":\"" + asked + "\"}}")
                .ok();
        cluster.field("svc/first", "{.status.conditions[0].reason}", "AddressClash"::equals);
    }

    @Test
    @Order(7)
    void anotherNodeLeadsToThePoolWhenTheFirstIsOff() {
        mode("pool");
        teller("teller", "Cluster");
        String host = host(url("teller", TELLER));
        Program.eventually(() -> tcp(host), told -> told.startsWith("you are "));
        String way = " via " + nodes().getFirst() + " ";
        Program.eventually(LoadBalancersTest::routes, all -> all.contains(way));
        cluster.jolly("node", "stop", cluster.name()).ok();
        Program.eventually(
                LoadBalancersTest::routes, all -> !all.contains(way) && all.contains(" via " + second() + " "));
        Program.eventually(() -> tcp(host), told -> told.startsWith("you are "));
        cluster.jolly("node", "start", cluster.name()).ok();
        Program.eventually(LoadBalancersTest::routes, all -> all.contains(way));
    }

    private static String routes() {
        return Program.run("ip", "-4", "route", "show", "proto", "241");
    }
}
