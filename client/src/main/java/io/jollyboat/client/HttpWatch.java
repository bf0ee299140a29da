package io.jollyboat.client;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchEvent.Type;
import io.jollyboat.world.Task;
import io.jollyboat.world.World;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A watch over HTTP: a task reads lines ahead, a bounded number of them, so that the reader can wait with a limit. */
final class HttpWatch implements Watch {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int AHEAD = 256;
    private static final Set<String> KNOWN =
            Arrays.stream(Type.values()).map(Type::name).collect(Collectors.toUnmodifiableSet());

    private final InputStream body;
    private final BlockingQueue<Message> messages = new ArrayBlockingQueue<>(AHEAD);
    private final Task reader;
    private volatile boolean ended;

    private sealed interface Message {
        record Event(WatchEvent event) implements Message {}

        record Failure(StatusException problem) implements Message {}

        record End() implements Message {}
    }

    HttpWatch(InputStream body, World world) {
        this.body = body;
        this.reader = world.start("watch", this::read);
    }

    @Override
    public Optional<WatchEvent> next(Duration limit) throws InterruptedException {
        if (ended) {
            return Optional.empty();
        }
        return switch (messages.poll(limit.toNanos(), TimeUnit.NANOSECONDS)) {
            case null -> Optional.empty();
            case Message.Event event -> Optional.of(event.event());
            case Message.Failure failure -> {
                close();
                throw failure.problem();
            }
            case Message.End end -> {
                close();
                yield Optional.empty();
            }
        };
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void close() {
        ended = true;
        reader.cancel();
        try {
            body.close();
        } catch (IOException e) {
            // Closing is all that was wanted.
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line; (line = lines.readLine()) != null; ) {
                if (!line.isBlank()) {
                    messages.put(message(JSON.readTree(line)));
                }
            }
            messages.put(new Message.End());
        } catch (IOException | JacksonException e) {
            ending();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A broken connection is an end like any other: the caller resumes from its last position. */
    private void ending() {
        if (!messages.offer(new Message.End())) {
            ended = true;
        }
    }

    private static Message message(JsonNode line) {
        JsonNode object = line.path("object");
        String type = line.path("type").asString("");
        if (type.equals("ERROR")) {
            return new Message.Failure(Statuses.failure(object));
        }
        if (!KNOWN.contains(type) || !(object instanceof ObjectNode tree)) {
            return new Message.Failure(StatusException.of(
                    Reason.INTERNAL_ERROR, "the server sent an event of the unknown type \"" + type + "\""));
        }
        return new Message.Event(new WatchEvent(Type.valueOf(type), tree));
    }
}
