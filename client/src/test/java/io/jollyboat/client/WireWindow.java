package io.jollyboat.client;

import io.jollyboat.api.Meta;
import io.jollyboat.api.codec.Format;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What stands on the wire in one of the forms that may be asked for. */
record WireWindow(HttpClient client, URI server, Form form) implements Window {
    private static final String PATH = "/api/v1/namespaces/default/configmaps";
    private static final int LONGEST_EVENT = 1 << 20;

    /** A form, by what {@code Accept} says for lists and for watches. */
    enum Form {
        JSON("application/json", "application/json"),
        PROTOBUF("application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf;stream=watch"),
        METADATA(
                "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
                "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"),
        TABLE("application/json;as=Table;g=meta.k8s.io;v=v1", "application/json;as=Table;g=meta.k8s.io;v=v1");

        private final String list;
        private final String watch;

        Form(String list, String watch) {
            this.list = list;
            this.watch = watch;
        }
    }

    @Override
    public String toString() {
        return form + " over " + client.version();
    }

    @Override
    public Page list(String labels, int limit, String next) throws IOException {
        Query query = new Query()
                .with("labelSelector", labels)
                .with("limit", Integer.toString(limit))
                .with("continue", next);
        ObjectNode list = object(read(get(query, form.list)));
        List<String> items = new ArrayList<>();
        for (JsonNode item : form == Form.TABLE ? list.path("rows") : list.path("items")) {
            ObjectNode object = (ObjectNode) (form == Form.TABLE ? item.path("object") : item);
            items.add(Journal.brief(object, Long.parseLong(Meta.resourceVersion(object))));
        }
        return new Page(
                items,
                Long.parseLong(Meta.resourceVersion(list)),
                list.at("/metadata/continue").asString(""));
    }

    @Override
    public Events watch(String labels, long after) throws IOException {
        Query query = new Query()
                .with("watch", "true")
                .with("allowWatchBookmarks", "true")
                .with("labelSelector", labels);
        if (after < 0) {
            query.with("sendInitialEvents", "true").with("resourceVersionMatch", "NotOlderThan");
        } else {
            query.with("resourceVersion", Long.toString(after));
        }
        InputStream body = get(query, form.watch);
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        DataInputStream frames = new DataInputStream(body);
        return new Events() {
            @Override
            public Optional<Seen> next() throws IOException {
                return form == Form.PROTOBUF ? frame(frames) : line(lines);
            }

            @Override
            public void close() {
                try {
                    body.close();
                } catch (IOException e) {
                    // Closing is all that was wanted.
                }
            }
        };
    }

    private InputStream get(Query query, String accept) throws IOException {
        URI uri = URI.create(server + PATH + query);
        HttpRequest request =
                HttpRequest.newBuilder(uri).header("Accept", accept).build();
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            String type = response.headers().firstValue("content-type").orElse("");
            boolean protobuf = type.startsWith("application/vnd.kubernetes.protobuf");
            if (response.statusCode() != 200) {
                byte[] body = read(response.body());
                ObjectNode status =
                        protobuf ? Format.PROTOBUF.decode(body, "Status").object() : json(body);
                throw Statuses.failure(status);
            }
            if (protobuf != (form == Form.PROTOBUF)) {
                throw new AssertionError(form + " was answered as " + type);
            }
            return response.body();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] read(InputStream body) throws IOException {
        try (body) {
            return body.readAllBytes();
        }
    }

    private ObjectNode object(byte[] body) {
        return form == Form.PROTOBUF ? Format.PROTOBUF.decode(body, "ConfigMap").object() : json(body);
    }

    private static ObjectNode json(byte[] body) {
        return (ObjectNode) JsonMapper.shared().readTree(body);
    }

    private Optional<Seen> line(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            return Optional.empty();
        }
        JsonNode event;
        try {
            event = JsonMapper.shared().readTree(line);
        } catch (JacksonException e) {
            throw new IOException("cut in the middle of an event", e);
        }
        return Optional.of(seen(event.path("type").asString(), (ObjectNode) event.path("object")));
    }

    /** Four bytes of length, then a message of a type (1) and an object (2), which holds an envelope (1). */
    private Optional<Seen> frame(DataInputStream frames) throws IOException {
        int first = frames.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = first << 24 | frames.readUnsignedByte() << 16 | frames.readUnsignedShort();
        if (length < 0 || length > LONGEST_EVENT) {
            throw new AssertionError("an event of " + length + " bytes");
        }
        byte[] message = frames.readNBytes(length);
        if (message.length < length) {
            throw new EOFException("cut in the middle of an event");
        }
        ByteBuffer event = ByteBuffer.wrap(message);
        byte[] type = field(event, 1);
        byte[] object = field(ByteBuffer.wrap(field(event, 2)), 1);
        return Optional.of(seen(
                new String(type, StandardCharsets.UTF_8),
                Format.PROTOBUF.decode(object, "ConfigMap").object()));
    }

    private static byte[] field(ByteBuffer message, int number) {
        if (message.get() != (number << 3 | 2)) {
            throw new AssertionError("no field " + number);
        }
        int length = 0;
        int shift = 0;
        byte part;
        do {
            part = message.get();
            length |= (part & 0x7f) << shift;
            shift += 7;
        } while (part < 0);
        byte[] bytes = new byte[length];
        message.get(bytes);
        return bytes;
    }

    private Seen seen(String type, ObjectNode object) {
        if (type.equals("ERROR")) {
            throw Statuses.failure(object);
        }
        boolean row = form == Form.TABLE && !type.equals("BOOKMARK");
        ObjectNode shown = row ? (ObjectNode) object.at("/rows/0/object") : object;
        Seen seen = ApiWindow.seen(type, shown);
        boolean whole = form == Form.JSON || form == Form.PROTOBUF;
        if (whole && !type.equals("BOOKMARK")) {
            String data = object.at("/data/mark").asString("");
            if (!data.equals(Journal.mark(object))) {
                throw new AssertionError("data and metadata of two writes: " + object);
            }
        }
        return seen;
    }
}
