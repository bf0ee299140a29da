package io.jollyboat.server.http.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The head of an answer as it comes from a Pod: status and headers, names in the form in which they came. */
record Head(int status, List<Header> headers) {
    private static final int MOST_BYTES = 64 << 10;
    private static final int OK_FROM = 200;
    private static final int SWITCHING = 101;

    /** About this connection alone (RFC 9110, 7.6.1), not to be passed on. */
    static final Set<String> OF_CONNECTION = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    record Header(String name, String value) {}

    /** Reads the head of the final answer, past interim ones. */
    static Head read(InputStream in) throws IOException {
        Head head = readOne(in);
        while (head.status < OK_FROM && head.status != SWITCHING) {
            head = readOne(in);
        }
        return head;
    }

    private static Head readOne(InputStream in) throws IOException {
        int[] left = {MOST_BYTES};
        String[] start = line(in, left).split(" ", 3);
        if (start.length < 2 || !start[0].startsWith("HTTP/1.") || !start[1].matches("[1-9][0-9]{2}")) {
            throw new IOException("malformed HTTP response");
        }
        List<Header> headers = new ArrayList<>();
        for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("malformed HTTP header");
            }
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return new Head(Integer.parseInt(start[1]), List.copyOf(headers));
    }

    /** One line without its end; {@code left} counts down what a head may still take. */
    static String line(InputStream in, int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("EOF");
            }
            if (--left[0] < 0) {
                throw new IOException("the head of the answer is longer than " + MOST_BYTES + " bytes");
            }
            line.append((char) c);
        }
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
    }

    /** The first header of that name, "" when there is none. */
    String first(String name) {
        return headers.stream()
                .filter(h -> h.name().equalsIgnoreCase(name))
                .map(Header::value)
                .findFirst()
                .orElse("");
    }

    boolean switches() {
        return status == SWITCHING;
    }

    boolean hasBody(String method) {
        return !method.equals("HEAD") && status != 204 && status != 304;
    }
}
