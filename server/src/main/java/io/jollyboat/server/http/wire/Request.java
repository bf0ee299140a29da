package io.jollyboat.server.http.wire;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One request: its head, which is there, and its body, which may still be on its way. */
public final class Request {
    private final HttpRequest head;
    private final Exchange exchange;
    private final String path;
    private final List<String> segments;
    private final Query query;

    /** @throws IllegalArgumentException when the target cannot be decoded */
    Request(HttpRequest head, Exchange exchange) {
        this.head = head;
        this.exchange = exchange;
        String target = head.uri();
        int mark = target.indexOf('?');
        this.path = mark < 0 ? target : target.substring(0, mark);
        this.query = new Query(mark < 0 ? "" : target.substring(mark + 1));
        List<String> parts = new ArrayList<>();
        for (String part : path.split("/")) {
            if (!part.isEmpty()) {
                parts.add(Query.decode(part, false));
            }
        }
        this.segments = List.copyOf(parts);
    }

    public String method() {
        return head.method().name();
    }

    /** Path and query as they were sent. */
    public String target() {
        return head.uri();
    }

    /** The path as it was sent, not decoded. */
    public String path() {
        return path;
    }

    /** The parts of the path between slashes, decoded; empty ones are left out. */
    public List<String> segments() {
        return segments;
    }

    public Query query() {
        return query;
    }

    /** Undoes percent encoding, as of a part of a path. */
    public static String decoded(String text) {
        return Query.decode(text, false);
    }

    /** The first header of that name, "" when there is none. */
    public String header(String name) {
        String value = head.headers().get(name);
        return value == null ? "" : value;
    }

    public List<String> headers(String name) {
        return head.headers().getAll(name);
    }

    /** The names of the headers that begin with {@code prefix}, in lower case. */
    public Set<String> headerNames(String prefix) {
        Set<String> names = new LinkedHashSet<>();
        head.headers().iteratorCharSequence().forEachRemaining(header -> {
            CharSequence name = header.getKey();
            if (AsciiString.regionMatches(name, true, 0, prefix, 0, prefix.length())) {
                names.add(name.toString().toLowerCase(Locale.ROOT));
            }
        });
        return names;
    }

    public Peer peer() {
        return exchange.peer();
    }

    public InetSocketAddress localAddress() {
        return exchange.localAddress();
    }

    public InetSocketAddress remoteAddress() {
        return exchange.remoteAddress();
    }

    /** Whether the connection is TLS. */
    public boolean secure() {
        return exchange.secure();
    }

    /**
     * The whole body.
     *
     * @throws TooLargeException when it is larger than {@code limit} bytes
     */
    public byte[] body(int limit) throws IOException {
        String length = header("content-length");
        if (length.length() > 9 || !length.isEmpty() && Integer.parseInt(length) > limit) {
            throw new TooLargeException(limit);
        }
        int first = length.isEmpty() ? limit : Integer.parseInt(length);
        byte[] bytes = stream().readNBytes(first);
        if (length.isEmpty() && bytes.length == limit && stream().read() >= 0) {
            throw new TooLargeException(limit);
        }
        return bytes;
    }

    /** The body as it comes. */
    public InputStream stream() throws IOException {
        return exchange.body();
    }

    /**
     * Has {@code action} run on a thread of its own when the client goes away, or the server stops, before the answer
     * is complete; at once when that has happened already.
     */
    public void whenGone(Runnable action) {
        exchange.whenGone(action);
    }
}
