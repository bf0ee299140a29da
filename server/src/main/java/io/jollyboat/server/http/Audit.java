package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.server.User;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import io.jollyboat.server.measures.Measure;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes down who asked for what and how it went: a line of JSON for each answer, an {@code Event} of
 * {@code audit.k8s.io/v1} at the level {@code Metadata}. A file that has grown too large becomes {@code FILE.1}, in place
 * of the one that was there.
 */
final class Audit {
    private static final Logger LOG = System.getLogger(Audit.class.getName());
    private static final long LARGEST = 100L << 20;

    private final World world;
    private final Path file;
    private final long largest;
    private final ReentrantLock lock = new ReentrantLock(); // guards the file
    private final LongAdder written = new LongAdder();
    private boolean failed; // so that a full disk is told once

    Audit(World world, Path file) {
        this(world, file, LARGEST);
    }

    Audit(World world, Path file, long largest) {
        this.world = world;
        this.file = file;
        this.largest = largest;
    }

    /** One answer, and what it answered. */
    record Answer(
            Request request,
            Counted counted,
            Optional<ResourcePath> path,
            Optional<Identities.Who> who,
            Response response,
            Instant received) {}

    /** How many answers were written down; none without a log. */
    static List<Measure> measures(Optional<Audit> audit) {
        return List.of(
                number("apiserver_audit_event_total", "Answers in the audit log.", audit.map(one -> one.written.sum())),
                number(
                        "apiserver_audit_requests_rejected_total",
                        "Requests refused for the log's sake.",
                        Optional.empty()));
    }

    private static Measure number(String name, String help, Optional<Long> value) {
        return new Measure(name, "counter", help, List.of(new Measure.Sample("", "", value.orElse(0L))));
    }

    void write(Answer answer) {
        byte[] line = (Json.MAPPER.writeValueAsString(event(answer)) + "\n").getBytes(StandardCharsets.UTF_8);
        lock.lock();
        try {
            if (Files.exists(file) && Files.size(file) + line.length > largest) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                out.write(line);
                written.increment();
            }
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.log(Level.WARNING, "the audit log {0} cannot be written: {1}", file, e.toString());
            }
            failed = true;
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode event(Answer answer) {
        Request request = answer.request();
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Event")
                .put("apiVersion", "audit.k8s.io/v1")
                .put("level", "Metadata")
                .put("auditID", answer.response().header("audit-id"))
                .put("stage", "ResponseComplete")
                .put("requestURI", request.target())
                .put("verb", answer.counted().ruleVerb(request.method()));
        User real = answer.who().map(Identities.Who::real).orElse(Identities.ANONYMOUS);
        User taken = answer.who().map(Identities.Who::taken).orElse(real);
        event.set("user", user(real));
        if (!taken.equals(real)) {
            event.set("impersonatedUser", user(taken));
        }
        event.putArray("sourceIPs").add(request.remoteAddress().getHostString());
        event.put("userAgent", request.header("user-agent"));
        answer.path().ifPresent(path -> event.set("objectRef", reference(path)));
        event.putObject("responseStatus")
                .put("code", answer.response().status())
                .putObject("metadata");
        event.put("requestReceivedTimestamp", micros(answer.received()));
        event.put("stageTimestamp", micros(world.now()));
        return event;
    }

    private static ObjectNode user(User user) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("username", user.name());
        if (!user.uid().isEmpty()) {
            node.put("uid", user.uid());
        }
        var groups = node.putArray("groups");
        user.groups().stream().sorted().forEach(groups::add);
        return node;
    }

    private static ObjectNode reference(ResourcePath path) {
        Resource resource = path.resource();
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("resource", resource.plural());
        put(node, "namespace", path.namespace());
        put(node, "name", path.name());
        put(node, "apiGroup", resource.group());
        put(node, "apiVersion", resource.version());
        put(node, "subresource", path.subresource());
        return node;
    }

    private static void put(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }

    private static String micros(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).toString();
    }
}
