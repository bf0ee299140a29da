package io.jollyboat.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writers of the same few objects, who remember what they were answered. Each write sets a mark that no other sets, so
 * that the journal tells what became of it.
 */
final class Writers {
    static final String COUNTER = "counter";

    private static final int TIMES = 40;
    private static final int FORGETFUL = 30; // one in so many has the store forget
    private static final int KEPT = 30; // of the newest revisions, at most
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
    private static final List<String> COLOURS = List.of("red", "green");
    private static final Set<Reason> USUAL =
            Set.of(Reason.CONFLICT, Reason.NOT_FOUND, Reason.ALREADY_EXISTS, Reason.INVALID);

    private final Journal journal;
    private final AtomicLong newest = new AtomicLong();
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final AtomicInteger deleted = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();

    /** @param read the revision to which the write was bound, 0 for none */
    private record Answer(String name, String mark, long revision, long read, boolean counted) {}

    Writers(Journal journal) {
        this.journal = journal;
    }

    /** No reader who asks from now on may be shown anything older. */
    long newest() {
        return newest.get();
    }

    /** The object that is never deleted, made before all others begin. */
    void begin(Api api) {
        answered(
                api.create(
                        ApiContract.MAP,
                        "default",
                        ApiContract.json(
                                "{metadata:{name:'%s',labels:{mark:'first',colour:'red'}},data:{mark:'first',all:'0'}}"
                                        .formatted(COUNTER)),
                        WriteOptions.by("tester")),
                0,
                false);
    }

    /** The last write of all, which everybody must come to see. */
    void end(Api api, String name) {
        answered(
                api.create(
                        ApiContract.MAP,
                        "default",
                        ApiContract.json("{metadata:{name:'%s',labels:{mark:'last',colour:'red'}},data:{mark:'last'}}"
                                .formatted(name)),
                        WriteOptions.by("tester")),
                0,
                false);
    }

    /** What one writer does. */
    void write(String writer, Api api, Random random) {
        for (int i = 0; i < TIMES; i++) {
            new One(writer, writer + "-" + i, api, random).step();
            if (random.nextInt(FORGETFUL) == 0) {
                journal.compact(Math.max(1, journal.revision() - random.nextInt(KEPT)));
            }
        }
    }

    private void answered(ObjectNode object, long read, boolean counted) {
        long revision = Long.parseLong(Meta.resourceVersion(object));
        answers.add(new Answer(Meta.name(object), Journal.mark(object), revision, read, counted));
        newest.accumulateAndGet(revision, Math::max);
    }

    /** One step of one writer. */
    private final class One {
        private final String writer;
        private final String mark;
        private final Api api;
        private final Random random;
        private final WriteOptions options;

        One(String writer, String mark, Api api, Random random) {
            this.writer = writer;
            this.mark = mark;
            this.api = api;
            this.random = random;
            this.options = WriteOptions.by(writer);
        }

        void step() {
            String name = any(NAMES);
            switch (random.nextInt(10)) {
                case 0, 1 -> tried(0, false, () -> create("name:'" + name + "'"));
                case 2 -> tried(0, false, () -> create("generateName:'" + name + "-'"));
                case 3 -> delete(name);
                case 4 -> update(name, false);
                case 5, 6 -> update(COUNTER, true);
                case 7 -> tested();
                case 8 -> tried(0, false, () -> apply(name));
                default -> tried(0, false, () -> merge(name));
            }
        }

        private String any(List<String> from) {
            return from.get(random.nextInt(from.size()));
        }

        private String labels() {
            return "labels:{mark:'%s',colour:'%s'}".formatted(mark, any(COLOURS));
        }

        private String data() {
            return "data:{mark:'%s'}".formatted(mark);
        }

        private void tried(long read, boolean counted, Supplier<ObjectNode> request) {
            try {
                answered(request.get(), read, counted);
            } catch (StatusException e) {
                failed(e);
            }
        }

        private void failed(StatusException e) {
            if (e.is(Reason.SERVICE_UNAVAILABLE)) {
                unknown.incrementAndGet(); // cut off before the answer
            } else if (USUAL.contains(e.failure().reason())) {
                refused.add(mark);
            } else {
                throw e;
            }
        }

        private ObjectNode create(String name) {
            return api.create(
                    ApiContract.MAP,
                    "default",
                    ApiContract.json("{metadata:{%s,%s},%s}".formatted(name, labels(), data())),
                    options);
        }

        private ObjectNode merge(String name) {
            return api.patch(
                    ApiContract.map(name),
                    new Patch.Merge(ApiContract.json("{metadata:{%s},%s}".formatted(labels(), data()))),
                    options);
        }

        private ObjectNode apply(String name) {
            ObjectNode intent = ApiContract.json(
                    "{apiVersion:'v1',kind:'ConfigMap',metadata:{name:'%s',%s},%s}".formatted(name, labels(), data()));
            return api.patch(
                    ApiContract.map(name),
                    new Patch.Apply(intent),
                    new WriteOptions(writer, options.validation(), false, true, options.warnings()));
        }

        private void delete(String name) {
            try {
                api.delete(ApiContract.map(name), DeleteOptions.DEFAULT);
                deleted.incrementAndGet();
            } catch (StatusException e) {
                failed(e);
            }
        }

        private Optional<ObjectNode> read(String name) {
            try {
                return Optional.of(api.get(ApiContract.map(name)));
            } catch (StatusException e) {
                failed(e);
                return Optional.empty();
            }
        }

        /** Reads, changes and writes what was read, if nobody else did. */
        private void update(String name, boolean count) {
            Optional<ObjectNode> found = read(name);
            if (found.isEmpty()) {
                return;
            }
            ObjectNode object = found.get().deepCopy();
            long read = Long.parseLong(Meta.resourceVersion(object));
            object.withObject("/metadata/labels").put("mark", mark);
            ObjectNode data = object.withObject("/data").put("mark", mark);
            if (count) {
                data.put("all", Integer.toString(counted(object) + 1));
            }
            tried(read, count, () -> api.update(ApiContract.map(name), object, options));
        }

        /** Counts by a patch that asks what was there. */
        private void tested() {
            Optional<ObjectNode> found = read(COUNTER);
            if (found.isEmpty()) {
                return;
            }
            int before = counted(found.get());
            String operations = """
                    {list: [{op:'test',path:'/data/all',value:'%d'},{op:'replace',path:'/data/all',value:'%d'},
                     {op:'add',path:'/metadata/labels/mark',value:'%s'},{op:'add',path:'/data/mark',value:'%s'}]}
                    """.formatted(before, before + 1, mark, mark);
            Patch patch = new Patch.Json(ApiContract.json(operations).path("list"));
            tried(0, true, () -> api.patch(ApiContract.map(COUNTER), patch, options));
        }
    }

    private static int counted(ObjectNode counter) {
        return Integer.parseInt(counter.at("/data/all").asString());
    }

    /** What was answered was written, once, on top of what it was bound to; what was refused was not. */
    void check() {
        Map<String, Integer> times = new HashMap<>();
        Map<String, List<Long>> revisions = new HashMap<>();
        journal.writes().forEach((revision, write) -> {
            write.object().ifPresent(object -> times.merge(Journal.mark(object), 1, Integer::sum));
            revisions.computeIfAbsent(write.name(), name -> new ArrayList<>()).add(revision);
        });
        assertThat(times.values()).as("how often each write was written").containsOnly(1);
        assertThat(times.keySet()).doesNotContainAnyElementsOf(refused);
        int counted = 0;
        for (Answer answer : answers) {
            Journal.Write write = journal.writes().get(answer.revision);
            assertThat(write).as("%s", answer).isNotNull();
            assertThat(write.name()).isEqualTo(answer.name);
            assertThat(write.object().map(Journal::mark)).contains(answer.mark);
            List<Long> all = revisions.get(answer.name);
            int at = all.indexOf(answer.revision);
            if (answer.read > 0) {
                assertThat(all.get(at - 1)).as("%s", answer).isEqualTo(answer.read);
            }
            counted += answer.counted ? 1 : 0;
        }
        ObjectNode last =
                journal.writes().get(revisions.get(COUNTER).getLast()).object().orElseThrow();
        assertThat(counted(last)).isBetween(counted, counted + unknown.get());
        assertThat(counted).isPositive();
        int gone = (int) journal.writes().values().stream()
                .filter(write -> write.object().isEmpty())
                .count();
        assertThat(gone).isBetween(deleted.get(), deleted.get() + unknown.get());
    }
}
