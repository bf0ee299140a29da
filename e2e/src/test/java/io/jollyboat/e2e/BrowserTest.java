package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openqa.selenium.WebDriverException;

/**
 * The page of random numbers in a real browser, on every way from outside to its Pod. What was seen is kept in
 * {@code e2e/target/screenshots}.
 */
@Needs({
    Need.ROOT,
    Need.CONTAINERD,
    Need.RUNC,
    Need.NFT,
    Need.IP,
    Need.KUBECTL,
    Need.BUSYBOX,
    Need.CHROMIUM,
    Need.CHROMEDRIVER
})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BrowserTest {
    /** The course's 8080 and 8088 may be taken on the machine that runs this. */
    private static final int PAGE = 18580;

    private static final int LAB = 18588;
    private static final int NODE_PORT = 30080;
    private static final String API = "http://numbers-api/sixeyed/kiamol/master/ch03/numbers/rng";
    private static final Pattern NUMBER = Pattern.compile("Here it is: [1-9]?[0-9]\n\\(Using API at: " + API + "\\)");
    private static final Pattern UNAVAILABLE =
            Pattern.compile("RNG service unavailable!\n\\(Using API at: " + API + "\\)");

    private static TestCluster cluster;
    private static Browser browser;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("browser");
        browser = Browser.start(Browser.Look.WIDE);
        cluster.up("examples/numbers/api.yaml", "examples/numbers/web.yaml").ok();
        cluster.jolly("image", "build", "examples/images/numbers-web-v2").ok();
    }

    @AfterAll
    static void delete() throws IOException {
        try {
            browser.close();
        } finally {
            cluster.close();
        }
    }

    /** Opens the page and presses Go!, again and again until it says what is wanted; keeps a picture. */
    private static void go(Browser browser, String url, Pattern wanted, String picture) throws IOException {
        Program.eventually(
                () -> {
                    try {
                        browser.open(url);
                        return browser.press("Go!");
                    } catch (WebDriverException e) {
                        return e.toString(); // the page was replaced, as that of an error is, which tries again
                    }
                },
                said -> wanted.matcher(said).find());
        browser.picture(picture);
    }

    private static void apply(int from, int to, String manifest) throws IOException {
        String text = Files.readString(Path.of("..").resolve(manifest));
        cluster.apply(text.replace("port: " + from, "port: " + to)).ok();
    }

    private static String page(int port) {
        return "http://localhost:" + port + "/";
    }

    @Test
    @Order(1)
    void throughAForwardedPortBeforeTheServiceExists() throws IOException {
        try (Forward forward = Forward.to(cluster, "deploy/numbers-web", 80)) {
            String url = "http://127.0.0.1:" + forward.port() + "/";
            browser.open(url);
            assertThat(browser.title()).isEqualTo("KIAMOL Random Number Generator");
            assertThat(browser.text()).isEqualTo("KIAMOL Random Number Generator");
            browser.picture("1-forward-opened");
            go(browser, url, UNAVAILABLE, "2-forward-unavailable");
            forward.interrupt().ok();
        }
    }

    @Test
    @Order(2)
    void throughAForwardedPortOnceItExists() throws IOException {
        cluster.kubectl("apply", "-f", "examples/numbers/api-service.yaml").ok();
        try (Forward forward = Forward.to(cluster, "deploy/numbers-web", 80)) {
            go(browser, "http://127.0.0.1:" + forward.port() + "/", NUMBER, "3-forward-number");
            forward.interrupt().ok();
        }
    }

    @Test
    @Order(3)
    void throughTheLoadBalancer() throws IOException {
        apply(8080, PAGE, "examples/numbers/web-service.yaml");
        String url = cluster.field(
                "svc/numbers-web",
                "http://{.status.loadBalancer.ingress[0].*}:{.spec.ports[0].port}/",
                shown -> !shown.contains("//:"));
        assertThat(url).isEqualTo(page(PAGE));
        go(browser, url, NUMBER, "4-load-balancer-number");
    }

    @Test
    @Order(4)
    void throughANodePort() throws IOException {
        cluster.kubectl("apply", "-f", "examples/numbers-services/web-service-nodePort.yaml")
                .ok();
        String node = cluster.kubectl("get", "nodes", "-o", "jsonpath={.items[0].status.addresses[0].address}")
                .ok()
                .text();
        go(browser, "http://" + node + ":" + NODE_PORT + "/", NUMBER, "5-node-port-number");
    }

    @Test
    @Order(5)
    void onATelephoneAndInTheDark() throws IOException {
        String day = browser.style("main", "background-color");
        try (Browser telephone = Browser.start(Browser.Look.NARROW)) {
            go(telephone, page(PAGE), NUMBER, "6-narrow");
            assertThat(telephone.fitsAcross()).isTrue();
        }
        try (Browser dark = Browser.start(Browser.Look.DARK)) {
            go(dark, page(PAGE), NUMBER, "7-dark");
            assertThat(dark.style("main", "background-color")).isNotEqualTo(day);
        }
    }

    @Test
    @Order(6)
    void theSecondVersionLooksDifferent() throws IOException {
        go(browser, page(PAGE), NUMBER, "4-load-balancer-number");
        String first = browser.style("body", "background-image");
        cluster.kubectl("delete", "svc", "--all").ok();
        cluster.kubectl("apply", "-f", "examples/lab/deployments.yaml").ok();
        apply(8088, LAB, "examples/lab/services.yaml");
        go(browser, page(LAB), NUMBER, "8-version-2-number");
        assertThat(first).isEqualTo("none");
        assertThat(browser.style("body", "background-image")).startsWith("linear-gradient");
        cluster.kubectl("delete", "svc", "numbers-api").ok();
        go(browser, page(LAB), UNAVAILABLE, "9-version-2-unavailable");
    }
}
