package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.api.WatchEvent;
import io.jollyboat.api.WatchEvent.Type;
import io.jollyboat.api.codec.Protobuf;
import io.jollyboat.api.kinds.Tables.Include;
import io.jollyboat.server.SharedObject;
import io.jollyboat.server.http.PreparedEvents.Key;
import io.jollyboat.server.http.PreparedEvents.Shape;
import io.jollyboat.world.World;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/** Turns the events of one watch into bytes, in the form that its client asked for. */
final class EventWriter {
    private static final int SMALL = 256;

    private final World world;
    private final Forms forms;
    private final PreparedEvents prepared;
    private final Resource resource;
    private final Accept.Form form;
    private final Include include;
    private final boolean protobuf;
    private boolean columns = true; // are told with the first table

    EventWriter(
            World world,
            Forms forms,
            PreparedEvents prepared,
            Resource resource,
            Accept.Form form,
            Include include,
            boolean protobuf) {
        this.world = world;
        this.forms = forms;
        this.prepared = prepared;
        this.resource = resource;
        this.form = form;
        this.include = include;
        this.protobuf = protobuf;
    }

    /** The event as it is sent; nobody may change these bytes, for others send them too. */
    byte[] bytes(WatchEvent event) {
        String type = event.type().name();
        ObjectNode object = event.object();
        if (event.type() == Type.BOOKMARK) {
            return encode(type, bookmark(object));
        }
        boolean withColumns = form == Accept.Form.TABLE && columns;
        columns &= !withColumns;
        if (!(object instanceof SharedObject stored)) {
            return encode(type, seen(object, withColumns));
        }
        String details = form == Accept.Form.TABLE
                ? include + " " + withColumns + " " + world.now().getEpochSecond()
                : "";
        Shape shape = new Shape(resource.apiVersion(), form, protobuf, details);
        return prepared.get(new Key(stored.revision(), type, shape), () -> encode(type, seen(stored, withColumns)));
    }

    /** The end of a watch that failed. */
    byte[] error(ObjectNode status) {
        return encode("ERROR", status);
    }

    private ObjectNode seen(ObjectNode object, boolean withColumns) {
        return switch (form) {
            case PLAIN, DISCOVERY -> object;
            case METADATA -> Forms.metadataOnly(object);
            case TABLE -> forms.table(resource, object, include, withColumns);
        };
    }

    private ObjectNode bookmark(ObjectNode object) {
        ObjectNode named = object;
        if (!object.has("kind")) {
            named = object.deepCopy();
            named.put("kind", resource.kind()).put("apiVersion", resource.apiVersion());
        }
        return switch (form) {
            case PLAIN, DISCOVERY -> named;
            case METADATA -> Forms.metadataOnly(named);
            case TABLE -> forms.bookmark(resource, named);
        };
    }

    private byte[] encode(String type, ObjectNode object) {
        if (protobuf) {
            byte[] message = SharedObject.message(object).orElseThrow();
            return Protobuf.event(type, Protobuf.enveloped(object, message));
        }
        int about = object instanceof SharedObject stored ? stored.storedBytes() + SMALL : 2 * SMALL;
        ByteArrayOutputStream line = new ByteArrayOutputStream(about);
        line.writeBytes(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
        try {
            Json.writeTree(line, object);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        line.write('}');
        line.write('\n');
        return line.toByteArray();
    }
}
