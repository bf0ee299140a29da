package io.jollyboat.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.world.ManualWorld;
import io.jollyboat.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names that are not the cluster's: asked outside once, kept, joined, and asked elsewhere when nobody answers. */
@Timeout(120)
class ForwarderTest {
    private static final Question QUESTION = Texts.question("www.example.com A");
    private static final ResourceRecord START =
            ResourceRecord.authority(Name.of("example.com"), 60, Name.of("ns.x"), Name.of("m.x"), 1, 2, 3, 4, 10);

    private static final Answer BROKEN = Answer.bare(ResponseCode.SERVFAIL);

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(60);

    /** However slow the machine is, a server that answers has the time to. */
    private static final Pace PATIENT = new Pace(LONG, LONG, LONG, LONG);

    private static final Pace HASTY = new Pace(SHORT, SHORT, LONG, LONG);

    private volatile boolean working = true;
    private final List<Upstream> upstreams = new ArrayList<>();
    private final ManualWorld manual = new ManualWorld(Instant.EPOCH, 1);

    @AfterEach
    void close() throws IOException {
        for (Upstream upstream : upstreams) {
            upstream.close();
        }
    }

    private Upstream upstream(Answer answer) throws IOException {
        Upstream upstream = new Upstream(question -> answer);
        upstreams.add(upstream);
        return upstream;
    }

    private static Answer address(int ttl, String... addresses) {
        return Answer.of(
                List.of(addresses).stream()
                        .map(text -> ResourceRecord.address(
                                QUESTION.name(), ttl, Literal.address(text).orElseThrow()))
                        .toList(),
                List.of());
    }

    private static Forwarder forwarder(World world, InetSocketAddress... servers) {
        return forwarder(world, PATIENT, servers);
    }

    private static Forwarder forwarder(World world, Pace pace, InetSocketAddress... servers) {
        return new Forwarder(world, List.of(servers), new Exchange(world, new Sockets(NetworkNamespace.own())), pace);
    }

    private static List<String> texts(Answer answer) {
        return answer.answers().stream().map(Texts::of).toList();
    }

    @Test
    void anAnswerIsKeptForItsTime() throws IOException {
        Upstream upstream = upstream(address(20, "198.51.100.1"));
        Forwarder forwarder = forwarder(manual, upstream.address());
        assertThat(forwarder.known(QUESTION)).isEmpty();
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 20 A 198.51.100.1");
        manual.advance(Duration.ofSeconds(15));
        assertThat(texts(forwarder.known(QUESTION).orElseThrow())).containsExactly("www.example.com. 5 A 198.51.100.1");
        manual.advance(Duration.ofSeconds(5));
        assertThat(forwarder.known(QUESTION)).isEmpty();
        forwarder.ask(QUESTION);
        assertThat(upstream.asked).hasSize(2);
    }

    @Test
    void whatIsMissingIsKeptForTheTimeOfItsZone() throws IOException {
        Upstream upstream = upstream(Answer.missing(START));
        Forwarder forwarder = forwarder(manual, upstream.address());
        Answer answer = forwarder.ask(QUESTION);
        assertThat(answer.code()).isEqualTo(ResponseCode.NXDOMAIN);
        assertThat(answer.authority()).containsExactly(START);
        manual.advance(Duration.ofSeconds(9));
        assertThat(forwarder.known(QUESTION)).isPresent();
        manual.advance(Duration.ofSeconds(1));
        assertThat(forwarder.known(QUESTION)).isEmpty();
    }

    @Test
    void aCutReplyIsFetchedByTcp() throws IOException {
        String[] many = IntStream.range(0, 200).mapToObj(i -> "198.51.100." + i).toArray(String[]::new);
        Forwarder forwarder =
                forwarder(World.system(), upstream(address(60, many)).address());
        assertThat(forwarder.ask(QUESTION).answers()).hasSize(200);
    }

    @Test
    void theNextServerIsAskedAndRemembered() throws IOException {
        Upstream broken = upstream(Answer.bare(ResponseCode.SERVFAIL));
        Upstream sound = upstream(address(0, "198.51.100.1"));
        Forwarder forwarder = forwarder(World.system(), broken.address(), sound.address());
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 0 A 198.51.100.1");
        forwarder.ask(QUESTION);
        assertThat(broken.asked).hasSize(1);
        assertThat(sound.asked).hasSize(2);
    }

    @Test
    void aServerThatIsGoneOrSilentIsPassedOver() throws IOException {
        Upstream gone = upstream(address(60, "198.51.100.9"));
        gone.close();
        Upstream silent = upstream(address(60, "198.51.100.9"));
        silent.silent = true;
        Upstream sound = upstream(address(60, "198.51.100.1"));
        Forwarder forwarder = forwarder(World.system(), HASTY, gone.address(), silent.address(), sound.address());
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 60 A 198.51.100.1");
    }

    @Test
    void aSlowServerIsHeardThoughAnotherWasAskedToo() throws IOException {
        Upstream slow = upstream(address(60, "198.51.100.1"));
        slow.gate = new CountDownLatch(1);
        Upstream silent = new Upstream(question -> {
            slow.gate.countDown(); // it answers only when its neighbour was asked
            return address(60, "198.51.100.9");
        });
        silent.silent = true;
        upstreams.add(silent);
        Forwarder forwarder = forwarder(World.system(), HASTY, slow.address(), silent.address());
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 60 A 198.51.100.1");
    }

    @Test
    void theOrderThatWasGivenComesBack() throws IOException {
        Upstream first = new Upstream(question -> working ? address(0, "198.51.100.1") : BROKEN);
        upstreams.add(first);
        Upstream second = upstream(address(0, "198.51.100.2"));
        working = false;
        Forwarder forwarder = forwarder(manual, first.address(), second.address());
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 0 A 198.51.100.2");
        working = true;
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 0 A 198.51.100.2");
        manual.advance(Duration.ofMinutes(1));
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 0 A 198.51.100.1");
    }

    @Test
    void whatWasAnsweredGoesOnWhileNobodyAnswersButNotForEver() throws IOException {
        Upstream upstream = new Upstream(question -> working ? address(20, "198.51.100.1") : BROKEN);
        upstreams.add(upstream);
        Forwarder forwarder = forwarder(manual, upstream.address());
        forwarder.ask(QUESTION);
        working = false;
        manual.advance(Duration.ofMinutes(30));
        assertThat(forwarder.known(QUESTION)).isEmpty();
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 5 A 198.51.100.1");
        int asked = upstream.asked.size();
        assertThat(texts(forwarder.ask(QUESTION)))
                .as("for some seconds nobody is asked again")
                .containsExactly("www.example.com. 5 A 198.51.100.1");
        assertThat(upstream.asked).hasSize(asked);
        manual.advance(Duration.ofMinutes(31));
        assertThat(forwarder.ask(QUESTION).code()).isEqualTo(ResponseCode.SERVFAIL);
        working = true;
        manual.advance(Duration.ofSeconds(1));
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 20 A 198.51.100.1");
    }

    @Test
    void whenAllAreSilentThatIsTold() throws IOException {
        Upstream one = upstream(address(60, "198.51.100.1"));
        Upstream two = upstream(address(60, "198.51.100.2"));
        one.silent = true;
        two.silent = true;
        Pace pace = new Pace(SHORT, SHORT, Duration.ofMillis(200), LONG);
        Forwarder forwarder = forwarder(World.system(), pace, one.address(), two.address());
        assertThat(forwarder.ask(QUESTION)).isEqualTo(BROKEN);
        one.silent = false;
        int code = ResponseCode.SERVFAIL;
        for (int i = 0; code == ResponseCode.SERVFAIL; i++) { // until it is heard in so short a time
            code = forwarder.ask(Texts.question("other" + i + ".example.com A")).code();
        }
        assertThat(code).isEqualTo(ResponseCode.NOERROR);
    }

    @Test
    void aFailureIsToldAndKeptForAMoment() throws IOException {
        Upstream broken = upstream(Answer.bare(ResponseCode.REFUSED));
        Forwarder forwarder = forwarder(manual, broken.address());
        assertThat(forwarder.ask(QUESTION).code()).isEqualTo(ResponseCode.REFUSED);
        assertThat(broken.asked).hasSize(2);
        assertThat(forwarder.known(QUESTION)).isPresent();
        manual.advance(Duration.ofSeconds(1));
        assertThat(forwarder.known(QUESTION)).isEmpty();
    }

    @Test
    void whoAsksTheSameWaitsForTheSameReply() throws Exception {
        Upstream upstream = upstream(address(60, "198.51.100.1"));
        upstream.gate = new CountDownLatch(1);
        Forwarder forwarder = forwarder(manual, upstream.address());
        List<CompletableFuture<Answer>> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            CompletableFuture<Answer> client = new CompletableFuture<>();
            clients.add(client);
            World.system().start("client", () -> client.complete(forwarder.ask(QUESTION)));
        }
        upstream.gate.countDown();
        for (CompletableFuture<Answer> client : clients) {
            assertThat(texts(client.get())).containsExactly("www.example.com. 60 A 198.51.100.1");
        }
        assertThat(upstream.asked).hasSize(1);
    }

    @Test
    void onlyTheReplyToTheQueryCounts() throws IOException {
        Upstream upstream = upstream(address(60, "198.51.100.1"));
        upstream.forges = true;
        Forwarder forwarder = forwarder(World.system(), upstream.address());
        assertThat(texts(forwarder.ask(QUESTION))).containsExactly("www.example.com. 60 A 198.51.100.1");
    }

    @Test
    void everyQueryHasAnIdAndAPortOfItsOwn() throws IOException {
        Upstream upstream = upstream(address(60, "198.51.100.1"));
        Forwarder forwarder = forwarder(World.system(), upstream.address());
        for (int i = 0; i < 30; i++) {
            forwarder.ask(Texts.question("n" + i + ".example.com A"));
        }
        assertThat(upstream.ids.stream().distinct().count()).isGreaterThan(25);
        assertThat(upstream.ports.stream().distinct().count()).isGreaterThan(15);
    }
}
