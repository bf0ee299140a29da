package io.jollyboat.server.http.proxy;

import io.jollyboat.api.Api;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Streams;
import io.jollyboat.server.http.proxy.Destinations.Destination;
import io.jollyboat.server.http.wire.Duplex;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Passes requests on to Pods and Services and their answers back, also those that change to another protocol.
 *
 * <p>Source: Kubernetes API concepts, "Proxy"; apimachinery's proxy of requests that may upgrade, for what is rewritten.
 */
public final class Proxy {
    private static final int PART = 16 << 10;
    /** A longer page is passed on with its links as they are. */
    private static final int LONGEST_PAGE = 4 << 20;

    private final World world;
    private final Streams streams;
    private final Destinations destinations;

    /** @param api with the right to read Pods, Services and their endpoints */
    public Proxy(World world, Api api, Streams streams) {
        this.world = world;
        this.streams = streams;
        this.destinations = new Destinations(api, world.random());
    }

    /**
     * Answers a request for a Pod.
     *
     * @param address name, {@code name:port} or {@code scheme:name:port}
     * @param path behind {@code /proxy}, as it was sent
     * @throws StatusException 400, 404 or 503 when there is nobody to pass it on to
     */
    public void pod(Request request, Response response, String namespace, String address, String path)
            throws IOException {
        Address parsed = Address.parse("pod", address);
        pass(request, response, parsed, destinations.pod(namespace, parsed), path);
    }

    /** Answers a request for a Service, as {@link #pod}. */
    public void service(Request request, Response response, String namespace, String address, String path)
            throws IOException {
        Address parsed = Address.parse("service", address);
        pass(request, response, parsed, destinations.service(namespace, parsed), path);
    }

    private void pass(Request request, Response response, Address address, Destination to, String path)
            throws IOException {
        if (path.isEmpty()
                && (request.method().equals("GET") || request.method().equals("HEAD"))) {
            toFolder(request, response);
            return;
        }
        String prefix = request.path().substring(0, request.path().length() - path.length());
        try (ByteChannel plain = streams.dial(to.pod(), to.port())) {
            request.whenGone(() -> close(plain));
            ByteChannel channel = address.secure() ? SecureChannel.over(world, plain) : plain;
            Upstream upstream = new Upstream(channel);
            Head head = upstream.ask(request, path.isEmpty() ? "/" : path, prefix);
            answer(request, response, upstream, head, new Links(prefix, request.header("host")));
        } catch (IOException e) {
            if (response.committed()) {
                throw e;
            }
            throw Destinations.unavailable("error trying to reach service: " + e.getMessage());
        }
    }

    /** Sends whoever asks for the root without its slash to the root: pages have relative links. */
    public static void toFolder(Request request, Response response) throws IOException {
        String query = request.target().substring(request.path().length());
        response.status(301).header("location", request.path() + "/" + query).send(new byte[0]);
    }

    private static void close(ByteChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // it is of no use any more either way
        }
    }

    private void answer(Request request, Response response, Upstream upstream, Head head, Links links)
            throws IOException {
        if (head.switches()) {
            copyHeaders(head, response, links, true);
            response.header("connection", "Upgrade").header("upgrade", head.first("upgrade"));
            relay(response.switchProtocols(), upstream);
            return;
        }
        response.status(head.status());
        copyHeaders(head, response, links, false);
        if (head.status() == 204 || head.status() == 304) {
            response.send(new byte[0]);
            return;
        }
        boolean page = head.first("content-type").toLowerCase(Locale.ROOT).startsWith("text/html")
                && head.first("content-encoding").isEmpty();
        InputStream body =
                head.hasBody(request.method()) ? Body.of(head, upstream.input()) : InputStream.nullInputStream();
        byte[] start = page ? body.readNBytes(LONGEST_PAGE) : new byte[0];
        if (page && start.length < LONGEST_PAGE && head.hasBody(request.method())) {
            String rewritten = links.page(new String(start, StandardCharsets.ISO_8859_1));
            response.send(rewritten.getBytes(StandardCharsets.ISO_8859_1));
            return;
        }
        try (OutputStream out = response.stream()) {
            out.write(start);
            copy(body, out);
        }
    }

    private static void copyHeaders(Head head, Response response, Links links, boolean switches) {
        Set<String> seen = new HashSet<>();
        for (Head.Header header : head.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (Head.OF_CONNECTION.contains(name) || name.startsWith("access-control-allow-")) {
                continue;
            }
            if (switches && name.equals("content-length")) {
                continue;
            }
            String value = name.equals("location") ? links.rewritten(header.value()) : header.value();
            if (seen.add(name)) {
                response.header(name, value);
            } else {
                response.addHeader(name, value);
            }
        }
    }

    /** Both ways at once, until either side ends. */
    private void relay(Duplex client, Upstream upstream) throws IOException {
        try (client) {
            world.start("proxy to a Pod", () -> {
                try (upstream) {
                    copy(client.input(), upstream.output());
                } catch (IOException e) {
                    // one side has gone: closing the other tells it
                }
            });
            copy(upstream.input(), client.output());
        }
    }

    private static void copy(InputStream from, OutputStream to) throws IOException {
        byte[] part = new byte[PART];
        for (int count = from.read(part); count >= 0; count = from.read(part)) {
            to.write(part, 0, count);
            to.flush();
        }
    }
}
