package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.Resources;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.client.WireWindow.Form;
import io.jollyboat.server.Server;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many write, list and watch at the same time over HTTPS, in every form and over connections that are cut, and what each
 * of them is shown must be what was written. A seed fixes what they do and where connections end, not who comes first;
 * {@code -Djollyboat.seed=5} runs that one alone.
 */
class CrowdTest {
    private static final int SEEDS = 2;
    private static final int WRITERS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Journal journal = new Journal(new MemoryStore());
    private final Writers writers = new Writers(journal);
    private final Followers followers = new Followers(journal, writers);
    private final Queue<Throwable> problems = new ConcurrentLinkedQueue<>();

    static LongStream seeds() {
        Long only = Long.getLong("jollyboat.seed");
        return only == null ? LongStream.rangeClosed(1, SEEDS) : LongStream.of(only);
    }

    /** What an actor does. */
    private interface Part {
        void play(Random random) throws Exception;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @Timeout(600)
    void everybodySeesWhatWasWritten(long seed) throws Exception {
        Server server =
                Server.over(World.system(), journal, BuiltInSchema.schema()).build();
        Port port = new Port();
        int direct = port.serve(server);
        try (Cutter cutter = new Cutter(direct, seed)) {
            run(seed, port, direct, cutter);
            assertThat(cutter.cuts()).as("connections cut").isPositive();
            assertThat(followers.resumed()).as("watches resumed").isPositive();
        } finally {
            port.close();
        }
    }

    private void run(long seed, Port port, int direct, Cutter cutter) throws InterruptedException {
        Random random = new Random(seed);
        Api api = new HttpApi(port.connection(direct), World.system());
        api.create(
                Resources.kind("v1", "Namespace"),
                "",
                ApiContract.json("{metadata:{name:'default'}}"),
                WriteOptions.by("tester"));
        writers.begin(api);
        Connection broken = port.connection(cutter.port());
        List<Task> reading = new ArrayList<>();
        for (Window window : windows(broken)) {
            for (String labels : List.of("", "colour=red")) {
                reading.add(start(random, "watch " + window, chance -> followers.watch(window, labels, chance)));
            }
            reading.add(start(random, "list " + window, chance -> followers.list(window, "")));
        }
        reading.add(start(random, "get", chance -> followers.get(api)));
        List<Task> writing = new ArrayList<>();
        Api cut = new HttpApi(broken, World.system());
        for (int i = 0; i < WRITERS; i++) {
            String name = "writer" + i;
            Api own = i % 3 == 0 ? cut : api;
            writing.add(start(random, name, chance -> writers.write(name, own, chance)));
        }
        await(writing);
        writers.end(api, Followers.END);
        followers.over();
        await(reading);
        writers.check();
        followers.check();
    }

    /** HTTP/1.1 and HTTP/2; a form each. */
    private static List<Window> windows(Connection connection) {
        URI server = connection.server();
        HttpClient first = client(connection, Version.HTTP_1_1);
        HttpClient second = client(connection, Version.HTTP_2);
        return List.of(
                new ApiWindow(new HttpApi(connection, World.system())),
                new WireWindow(second, server, Form.JSON),
                new WireWindow(first, server, Form.PROTOBUF),
                new WireWindow(second, server, Form.METADATA),
                new WireWindow(first, server, Form.TABLE));
    }

    private static HttpClient client(Connection connection, Version version) {
        return HttpClient.newBuilder()
                .sslContext(connection.tls())
                .version(version)
                .build();
    }

    private Task start(Random random, String name, Part part) {
        Random own = new Random(random.nextLong());
        return World.system().start(name, () -> {
            try {
                part.play(own);
            } catch (Exception | AssertionError e) {
                problems.add(new AssertionError(name + ": " + e.getMessage(), e));
            }
        });
    }

    /** Waits for all of them, and no longer than until one of them fails. */
    private void await(List<Task> tasks) throws InterruptedException {
        for (Task task : tasks) {
            boolean ended = task.join(PATIENCE);
            for (Throwable problem : problems) {
                throw new AssertionError(problem.getMessage(), problem);
            }
            assertThat(ended).as("a reader or writer comes to its end").isTrue();
        }
    }
}
