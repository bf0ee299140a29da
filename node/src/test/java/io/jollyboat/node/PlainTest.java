package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import io.jollyboat.api.patch.StrategicPatch;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.node.ServiceVariables.Port;
import io.jollyboat.node.ServiceVariables.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** The small pure rules. */
class PlainTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain|plain",
                "$(A)|1",
                "x$(A)y$(B)|x1y2",
                "$$(A)|$(A)",
                "$(NONE)|$(NONE)",
                "$|$",
                "$(|$(",
                "$$|$",
                "a$b|a$b",
                "$(A|$(A"
            })
    void expansion(String text, String expanded) {
        assertThat(Expansion.expand(text, Map.of("A", "1", "B", "2"))).isEqualTo(expanded);
    }

    /** Lists of addresses are merged by address otherwise, and those that a Pod had before would stay. */
    @Test
    void newAddressesTakeThePlaceOfOldOnes() {
        ObjectNode before = SmallNode.json("{status:{podIP:'10.0.0.1',podIPs:[{ip:'10.0.0.1'},{ip:'fd00::1'}]}}");
        ObjectNode status = SmallNode.json("{podIP:'10.0.0.2',podIPs:[{ip:'10.0.0.2'},{ip:'fd00::1'}]}");
        ObjectNode patch = SmallNode.json("{}");
        patch.set("status", PodStatus.replacing(status, before.path("status")));
        ObjectNode merged = StrategicPatch.apply(
                before,
                patch,
                BuiltInSchema.schema().type(Resources.kind("v1", "Pod")).orElseThrow());
        assertThat(merged.path("status")).isEqualTo(status);
    }

    /** A node that said the one itself before and after would be woken by its own words. */
    @ParameterizedTest
    @CsvSource({
        "True,True,false",
        "True,False,true",
        "True,Unknown,true",
        "True,,false",
        "False,False,false",
        ",False,false"
    })
    void onlyWhatNoNodeSaysContradictsIt(String containersReady, String ready, boolean contradicts) {
        String condition = "{type:'%s',status:'%s'}";
        List<String> conditions = new ArrayList<>();
        Optional.ofNullable(containersReady)
                .ifPresent(status -> conditions.add(condition.formatted("ContainersReady", status)));
        Optional.ofNullable(ready).ifPresent(status -> conditions.add(condition.formatted("Ready", status)));
        Pod pod = Pod.of(SmallNode.json(
                "{metadata:{name:'p',uid:'u'},status:{conditions:[" + String.join(",", conditions) + "]}}"));
        Pod quiet = Pod.of(SmallNode.json("{metadata:{name:'p',uid:'u'}}"));
        assertThat(pod.contradiction().isObject()).isEqualTo(contradicts);
        assertThat(pod.equals(quiet)).isEqualTo(!contradicts);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0s",
        "56,56ms",
        "10000,10s",
        "80000,1m20s",
        "160000,2m40s",
        "300000,5m0s",
        "1234,1.234s",
        "3600000,1h0m0s"
    })
    void durationsAsGoWritesThem(long millis, String text) {
        assertThat(GoDuration.text(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "busybox,true,Always", "busybox:1.36,true,IfNotPresent", "busybox:latest,true,Always",
        "localhost:5000/a/b:v2,true,IfNotPresent", "localhost:5000/a/b,true,Always", "No Such!,false,Always",
        "UPPER,false,Always", "a//b,false,Always", "'',false,Always",
        "a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,true,IfNotPresent"
    })
    void imageNames(String name, boolean valid, String policy) {
        assertThat(ImageName.isValid(name)).isEqualTo(valid);
        assertThat(ImageName.defaultPolicy(name)).isEqualTo(policy);
    }

    @Test
    void serviceVariables() {
        var main = new Service(
                "n", "redis-main", "10.0.0.11", List.of(new Port("web", 80, "TCP"), new Port("", 81, "UDP")));
        var kubernetes = new Service("default", "kubernetes", "10.0.0.1", List.of(new Port("https", 443, "TCP")));
        var headless = new Service("n", "none", "", List.of(new Port("", 1, "TCP")));
        Map<String, String> all = ServiceVariables.of(List.of(main, kubernetes, headless), "n", true);
        assertThat(all)
                .containsEntry("REDIS_MAIN_SERVICE_HOST", "10.0.0.11")
                .containsEntry("REDIS_MAIN_SERVICE_PORT", "80")
                .containsEntry("REDIS_MAIN_SERVICE_PORT_WEB", "80")
                .containsEntry("REDIS_MAIN_PORT", "tcp://10.0.0.11:80")
                .containsEntry("REDIS_MAIN_PORT_81_UDP", "udp://10.0.0.11:81")
                .containsEntry("REDIS_MAIN_PORT_81_UDP_PROTO", "udp")
                .containsEntry("REDIS_MAIN_PORT_81_UDP_PORT", "81")
                .containsEntry("REDIS_MAIN_PORT_81_UDP_ADDR", "10.0.0.11")
                .containsEntry("KUBERNETES_SERVICE_HOST", "10.0.0.1")
                .hasSize(20);
        assertThat(ServiceVariables.of(List.of(main, kubernetes), "n", false)).doesNotContainKey("REDIS_MAIN_PORT");
    }

    @Test
    void backOffDoublesAndIsForgotten() {
        Instant t = Instant.ofEpochSecond(10_000);
        BackOff first = BackOff.next(Optional.empty(), t);
        assertThat(first.delay()).isEqualTo(Duration.ofSeconds(10));
        BackOff second = BackOff.next(Optional.of(first), t.plusSeconds(11));
        assertThat(second.delay()).isEqualTo(Duration.ofSeconds(20));
        assertThat(second.left(t.plusSeconds(30), t.plusSeconds(35))).isEqualTo(Duration.ofSeconds(15));
        assertThat(BackOff.next(Optional.of(second), t.plusSeconds(10_000)).delay())
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void resolvConfByPolicy() {
        var settings = AgentSettings.of("10.43.0.10", "cluster.local", "v1");
        Dns node = Dns.parse("# none\nnameserver 9.9.9.9\nsearch example.test\noptions timeout:1\n");
        assertThat(dns("{}", settings, node))
                .isEqualTo(new Dns(
                        List.of("10.43.0.10"),
                        List.of("n.svc.cluster.local", "svc.cluster.local", "cluster.local", "example.test"),
                        List.of("ndots:5")));
        assertThat(dns("{dnsPolicy:'Default'}", settings, node)).isEqualTo(node);
        assertThat(dns("{hostNetwork:true}", settings, node)).isEqualTo(node);
        assertThat(dns("{hostNetwork:true,dnsPolicy:'ClusterFirstWithHostNet'}", settings, node)
                        .servers())
                .containsExactly("10.43.0.10");
        assertThat(dns(
                        "{dnsPolicy:'None',dnsConfig:{nameservers:['1.1.1.1'],searches:['a','a'],"
                                + "options:[{name:'ndots',value:'1'},{name:'debug'}]}}",
                        settings,
                        node))
                .isEqualTo(new Dns(List.of("1.1.1.1"), List.of("a"), List.of("ndots:1", "debug")));
    }

    private static Dns dns(String spec, AgentSettings settings, Dns node) {
        var pod = SmallNode.json("{metadata:{name:'p',namespace:'n'}}");
        pod.set("spec", SmallNode.json(spec));
        return Dns.of(new Pod(pod), settings, node);
    }

    @Test
    void aFolderChangesAtOnce(@TempDir Path temp) throws IOException {
        Path folder = temp.resolve("v");
        var atomic = new AtomicFolder(folder, Optional.empty());
        atomic.write(Map.of("a", content("1"), "deep/b", content("2")), "one");
        Path data = folder.resolve("..data");
        assertThat(Files.readSymbolicLink(data)).hasToString("..one");
        assertThat(folder.resolve("a")).isSymbolicLink().hasContent("1");
        assertThat(folder.resolve("deep/b")).hasContent("2");
        atomic.write(Map.of("a", content("1"), "deep/b", content("2")), "same");
        assertThat(Files.readSymbolicLink(data)).as("nothing changed").hasToString("..one");
        atomic.write(Map.of("a", content("3")), "two");
        assertThat(folder.resolve("a")).hasContent("3");
        assertThat(folder.resolve("deep")).doesNotExist();
        assertThat(folder.resolve("..one")).doesNotExist();
    }

    private static AtomicFolder.Content content(String text) {
        return new AtomicFolder.Content(text.getBytes(), 0644, Optional.empty());
    }
}
