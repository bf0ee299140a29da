package io.jollyboat.controllers;

import static io.jollyboat.controllers.SmallCluster.EVENT;
import static io.jollyboat.controllers.SmallCluster.POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Target;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private final SmallCluster cluster = new SmallCluster(1);

    @Test
    void eventsGoAnHourAfterTheyWereLastWritten() {
        event("once");
        event("again");
        cluster.settle();
        sleep(Duration.ofMinutes(40));
        cluster.patch(EVENT, "again", "{count:2,lastTimestamp:'" + cluster.world.now() + "'}");
        cluster.settle();
        sleep(Duration.ofMinutes(19));
        assertThat(events()).contains("once", "again");
        sleep(Duration.ofMinutes(2));
        assertThat(events()).contains("again").doesNotContain("once");
        sleep(Duration.ofMinutes(38));
        assertThat(events()).contains("again");
        sleep(Duration.ofMinutes(3));
        assertThat(events()).doesNotContain("again");
    }

    @Test
    void newControllersGoOnWhereTheOldOnesStopped() {
        event("old");
        cluster.settle();
        cluster.world.advance(Duration.ofMinutes(50));
        cluster.restart();
        cluster.settle();
        assertThat(events()).contains("old");
        sleep(Duration.ofMinutes(11));
        assertThat(events()).doesNotContain("old");
    }

    @Test
    void podsThatAreGoingButWereNeverBoundAreDeleted() {
        cluster.kubelet = false;
        cluster.create(
                POD,
                "default",
                "{metadata:{name:'p',finalizers:['example.com/held']},spec:{schedulerName:'nobody',"
                        + "containers:[{name:'c',image:'i'}]}}");
        cluster.settle();
        cluster.delete(POD, "p", DeleteOptions.DEFAULT);
        cluster.settle();
        cluster.patch(POD, "p", "{metadata:{finalizers:null}}");
        cluster.settle();
        assertThat(cluster.find(POD, "default", "p")).isEmpty();
    }

    @Test
    void theOldestOfTooManyEndedPodsGo() throws InterruptedException {
        cluster.kubelet = false;
        Mirrors mirrors = new Mirrors(cluster.api, cluster.world);
        PodCollector collector = new PodCollector(cluster.api, cluster.world, mirrors.pods, mirrors.nodes, 2);
        for (int i = 0; i < 5; i++) {
            String name = "p" + i;
            cluster.create(POD, "default", "{metadata:{name:'" + name + "'},spec:{containers:[{name:'c',image:'i'}]}}");
            cluster.patch(Target.of(POD, "default", name).withSubresource("status"), "{status:{phase:'Succeeded'}}");
            cluster.world.advance(Duration.ofSeconds(1));
        }
        drive(collector);
        cluster.world.advance(PodCollector.PAUSE);
        drive(collector);
        assertThat(cluster.list(POD)).extracting(Meta::name).containsExactly("p3", "p4");
    }

    @Test
    void anIdleClusterHasNothingToDoButToWatchItsNodes() {
        cluster.create(SmallCluster.DEPLOYMENT, "default", SmallCluster.deployment("web", 3, "i", ""));
        cluster.settle();
        Duration soon = Duration.ofSeconds(30);
        assertThat(cluster.controllers.readyLoops())
                .allSatisfy(loop -> assertThat(loop.untilNext().orElse(soon)).isGreaterThanOrEqualTo(soon));
    }

    private static void drive(PodCollector collector) throws InterruptedException {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (Mirror<?> mirror : collector.reads()) {
                busy |= mirror.poll(Duration.ZERO);
            }
            for (Loop<?> loop : collector.loops()) {
                busy |= loop.poll();
            }
        }
    }

    private void event(String name) {
        String now = cluster.world.now().toString();
        cluster.create(
                EVENT,
                "default",
                "{metadata:{name:'" + name + "'},involvedObject:{kind:'Pod',namespace:'default',name:'p'},reason:'R',"
                        + "message:'m',type:'Normal',count:1,firstTimestamp:'" + now + "',lastTimestamp:'" + now
                        + "'}");
    }

    private List<String> events() {
        return cluster.list(EVENT).stream().map(Meta::name).toList();
    }

    private void sleep(Duration time) {
        cluster.world.advance(time);
        cluster.renew("n1");
        cluster.settle();
    }
}
