package io.jollyboat.server;

import static io.jollyboat.server.Fixture.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.store.Store;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The IPAddress objects are what the stored Services say, whatever happened. */
final class AddressObjectsTest {
    private static final Resource ADDRESS = Resources.kind("networking.k8s.io/v1", "IPAddress");
    private static final Resource RANGE = Resources.kind("networking.k8s.io/v1", "ServiceCIDR");
    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final int PATIENCE = 6_000;
    private static final Settings DUAL = Settings.DEFAULT.withServiceCidrs(List.of("10.43.0.0/16", "fd00:10:43::/112"));

    private final Store store = new MemoryStore();
    private final Fixture cluster = new Fixture(store, DUAL);
    private Task upkeep = cluster.server.start();

    @AfterEach
    void end() throws InterruptedException {
        stop();
    }

    private void stop() throws InterruptedException {
        upkeep.cancel();
        assertThat(upkeep.join(Duration.ofSeconds(30))).isTrue();
    }

    /** Which Service each address belongs to, as the objects say. */
    private Map<String, String> objects() {
        Map<String, String> shown = new TreeMap<>();
        for (ObjectNode object : cluster.api.list(ADDRESS, "", ListOptions.ALL).items()) {
            assertThat(object.at("/spec/parentRef/resource").asString()).isEqualTo("services");
            shown.put(
                    Meta.name(object),
                    object.at("/spec/parentRef/namespace").asString() + "/"
                            + object.at("/spec/parentRef/name").asString());
        }
        return shown;
    }

    private static <T> T eventually(java.util.function.Supplier<T> what, Predicate<T> wanted) {
        T last = what.get();
        for (int i = 0; i < PATIENCE && !wanted.test(last); i++) {
            try {
                World.system().sleep(PAUSE);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            last = what.get();
        }
        assertThat(last).matches(wanted);
        return last;
    }

    /** Ours are not made by a request; they look as if they were. */
    @Test
    void theyAreLikeThoseThatSomebodyElseMakes() {
        cluster.create(SERVICE, "{metadata:{name:'a'},spec:{clusterIP:'10.43.0.77',ports:[{port:80}]}}");
        untilShown("10.43.0.77=default/a");
        ObjectNode ours = cluster.api.get(Target.of(ADDRESS, "", "10.43.0.77")).deepCopy();
        ObjectNode content = ours.deepCopy();
        content.set("metadata", content.objectNode().put("name", "10.44.0.1"));
        content.withObject("/metadata")
                .set("labels", ours.at("/metadata/labels").deepCopy());
        ObjectNode theirs = cluster.api
                .create(ADDRESS, "", content, WriteOptions.by("kube-apiserver"))
                .deepCopy();
        for (ObjectNode one : List.of(ours, theirs)) {
            one.withObject("/metadata").remove(List.of("name", "uid", "resourceVersion"));
        }
        assertThat(Meta.uid(cluster.api.get(Target.of(ADDRESS, "", "10.43.0.77"))))
                .isNotEmpty();
        assertThat(ours).isEqualTo(theirs);
    }

    private void untilShown(String... addresses) {
        eventually(
                () -> objects().entrySet().stream()
                        .filter(entry -> entry.getValue().startsWith("default/")
                                && !entry.getValue().equals("default/kubernetes"))
                        .map(Map.Entry::toString)
                        .toList(),
                List.of(addresses)::equals);
    }

    private void service(String name, String spec) {
        cluster.create(SERVICE, "{metadata:{name:'%s'},spec:{ports:[{port:80}],%s}}".formatted(name, spec));
    }

    @Test
    void theServersOwnServicesHaveTheirs() {
        eventually(
                this::objects, Map.of("10.43.0.1", "default/kubernetes", "10.43.0.10", "kube-system/kube-dns")::equals);
        ObjectNode object = cluster.get(ADDRESS, "10.43.0.1");
        assertThat(object.at("/metadata/labels").toString())
                .isEqualTo("{\"ipaddress.kubernetes.io/ip-family\":\"IPv4\","
                        + "\"ipaddress.kubernetes.io/managed-by\":\"ipallocator.k8s.io\"}");
    }

    @Test
    void theyComeAndGoWithServicesAndTheirAddresses() {
        service("one", "clusterIP:'10.43.0.20'");
        untilShown("10.43.0.20=default/one");
        service(
                "two",
                "ipFamilyPolicy:'RequireDualStack',clusterIP:'10.43.0.21',clusterIPs:['10.43.0.21','fd00:10:43:0::9']");
        service("none", "clusterIP:'None'");
        untilShown("10.43.0.20=default/one", "10.43.0.21=default/two", "fd00:10:43::9=default/two");
        cluster.merge(SERVICE, "two", "{spec:{ipFamilyPolicy:'SingleStack'}}");
        cluster.merge(SERVICE, "one", "{spec:{type:'ExternalName',externalName:'a.example',clusterIP:null}}");
        untilShown("10.43.0.21=default/two");
        cluster.delete(SERVICE, "two");
        service("three", "clusterIP:'10.43.0.21'");
        untilShown("10.43.0.21=default/three");
    }

    @Test
    void whatIsTakenAwayComesBackAndWhatOthersMadeStays() {
        service("one", "clusterIP:'10.43.0.20'");
        untilShown("10.43.0.20=default/one");
        String uid = Meta.uid(cluster.get(ADDRESS, "10.43.0.20"));
        cluster.delete(ADDRESS, "10.43.0.20");
        eventually(() -> objects().get("10.43.0.20") != null, Boolean.TRUE::equals);
        assertThat(Meta.uid(cluster.get(ADDRESS, "10.43.0.20"))).isNotEqualTo(uid);
        cluster.create(ADDRESS, """
                {metadata:{name:'192.0.2.7'},spec:{parentRef:{resource:'services',namespace:'default',name:'mine'}}}
                """);
        service("two", "clusterIP:'10.43.0.21'");
        untilShown("10.43.0.20=default/one", "10.43.0.21=default/two", "192.0.2.7=default/mine");
    }

    @Test
    void whatHappenedWhileNobodyFollowedIsMadeGood() throws InterruptedException {
        service("one", "clusterIP:'10.43.0.20'");
        untilShown("10.43.0.20=default/one");
        stop();
        cluster.delete(SERVICE, "one");
        service("two", "clusterIP:'10.43.0.20'");
        for (int i = 0; i < 100; i++) {
            service("many-" + i, "clusterIP:'10.43.1.%d'".formatted(i));
        }
        Fixture again = new Fixture(store, DUAL);
        upkeep = again.server.start();
        Map<String, String> shown = eventually(this::objects, objects -> objects.size() == 103);
        assertThat(shown).containsEntry("10.43.0.20", "default/two").containsEntry("10.43.1.99", "default/many-99");
    }

    @Test
    void theDefaultRangeIsReady() {
        ObjectNode range = cluster.get(RANGE, "kubernetes");
        assertThat(range.at("/spec/cidrs").toString()).isEqualTo("[\"10.43.0.0/16\",\"fd00:10:43::/112\"]");
        assertThat(range.at("/status/conditions/0/type").asString()).isEqualTo("Ready");
        assertThat(range.at("/status/conditions/0/status").asString()).isEqualTo("True");
    }
}
