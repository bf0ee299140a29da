package io.jollyboat.bench;

import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many watches, each on a connection of its own, are fed by one client that updates an object at a steady pace. */
final class Feed {
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SAMPLED = 50; // one watch of so many tells how late its events come
    private static final int MOST_UPDATES = 10_000;
    /** What stands before an update's number in an event: as JSON, as protobuf. */
    private static final Pattern COUNT = Pattern.compile("(?:\"count\":\"|\5count\22\n)(\\d{" + Ask.DIGITS + "})");

    private final World world;
    private final Door door;
    private final Ask watch;
    private final Ask update;
    private final int updatesPerSecond;
    private final AtomicLongArray begun = new AtomicLongArray(MOST_UPDATES);
    private int number;

    /** Opens connections. */
    @FunctionalInterface
    interface Door {
        Socket open() throws IOException;
    }

    /** Is done when all watches are open and the first events have come. */
    @FunctionalInterface
    interface Look {
        void act() throws IOException, InterruptedException;
    }

    /** @param update has its number as {@code "count"} */
    Feed(World world, Door door, Ask watch, Ask update, int updatesPerSecond) {
        this.world = world;
        this.door = door;
        this.watch = watch;
        this.update = update;
        this.updatesPerSecond = updatesPerSecond;
    }

    /** What came of one round. */
    private static final class Round {
        final LongAdder events = new LongAdder();
        final ConcurrentLinkedQueue<Long> late = new ConcurrentLinkedQueue<>();
        volatile boolean counts;
        volatile boolean over;
    }

    /** Events per second that arrived in all, how late, and the server's processor time for each. */
    Traffic.Figures measure(int watches, long server) throws IOException, InterruptedException {
        return measure(watches, server, () -> {});
    }

    Traffic.Figures measure(int watches, long server, Look look) throws IOException, InterruptedException {
        Round round = new Round();
        List<Http1Line> lines = new ArrayList<>();
        List<Task> tasks = new ArrayList<>();
        CountDownLatch open = new CountDownLatch(watches);
        try (Http1Line writer = new Http1Line(door.open(), update)) {
            for (int i = 0; i < watches; i++) {
                Http1Line line = new Http1Line(door.open(), watch);
                lines.add(line);
                boolean sampled = i % SAMPLED == 0;
                tasks.add(world.start("watch", () -> follow(line, round, sampled, open)));
            }
            if (!open.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("not all watches begin");
            }
            write(writer, WARM_UP);
            look.act();
            double before = Processes.processorSeconds(List.of(server));
            round.counts = true;
            write(writer, MEASURED);
            round.counts = false;
            double used = Processes.processorSeconds(List.of(server)) - before;
            long events = round.events.sum();
            Load.Figures late = Load.Figures.of(List.copyOf(round.late), MEASURED);
            return new Traffic.Figures(
                    new Load.Figures(events / (double) MEASURED.toSeconds(), late.median(), late.slow()),
                    used * 1e6 / events);
        } finally {
            round.over = true;
            for (Http1Line line : lines) {
                line.close();
            }
            for (Task task : tasks) {
                task.join(LIMIT);
            }
        }
    }

    private void write(Http1Line writer, Duration time) throws IOException, InterruptedException {
        long begin = world.nanoTime();
        long step = TimeUnit.SECONDS.toNanos(1) / updatesPerSecond;
        for (int i = 0; i * step < time.toNanos(); i++) {
            long wait = begin + i * step - world.nanoTime();
            if (wait > 0) {
                world.sleep(Duration.ofNanos(wait));
            }
            begun.set(++number, world.nanoTime());
            writer.ask(0, number);
            writer.answered();
        }
    }

    private void follow(Http1Line line, Round round, boolean sampled, CountDownLatch open) {
        try {
            line.watch();
            open.countDown();
            for (byte[] part = line.chunk(); part.length > 0; part = line.chunk()) {
                if (round.counts) {
                    count(part, round, sampled);
                }
            }
        } catch (IOException e) {
            if (!round.over) {
                throw new UncheckedIOException("a watch broke off", e);
            }
        }
    }

    private void count(byte[] part, Round round, boolean sampled) {
        Matcher number = COUNT.matcher(new String(part, StandardCharsets.ISO_8859_1));
        while (number.find()) {
            round.events.increment();
            if (sampled) {
                round.late.add(world.nanoTime() - begun.get(Integer.parseInt(number.group(1))));
            }
        }
    }
}
