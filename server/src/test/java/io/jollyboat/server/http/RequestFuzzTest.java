package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.fuzz.FuzzContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/**
 * Whole requests, as they come over the wire, to a server that keeps what was made: paths, queries, bodies and patches
 * of many kinds. An input is a request line, perhaps headers, an empty line and the body; the rest is put in here.
 */
class RequestFuzzTest extends FuzzContract {
    private static final int PATIENCE_MILLIS = 60_000;
    private static final int MOST_READ = 1 << 20;

    /** The server's fault in Kubernetes too: an intent of unknown fields, a version for what is new. */
    private static final List<String> ALSO_UPSTREAM = List.of(
            "failed to create typed patch object",
            "failed to convert new object",
            "strconv.ParseUint",
            "resourceVersion should not be set on objects to be created");

    private FaceFixture face;

    RequestFuzzTest() {
        super("requests.txt");
    }

    @AfterEach
    void stop() {
        if (face != null) {
            face.close();
        }
    }

    @Override
    protected int mutations() {
        return 1_000;
    }

    @Override
    protected List<String> words() {
        return List.of(
                "GET ",
                "POST ",
                "PUT ",
                "PATCH ",
                "DELETE ",
                "/api/v1/",
                "/apis/apps/v1/",
                "namespaces/default/",
                "?limit=",
                "&continue=",
                "labelSelector=a%3Db",
                "fieldSelector=metadata.name%3Da",
                "dryRun=All",
                "fieldManager=x",
                "fieldValidation=Strict",
                "%2F",
                "%00",
                "%",
                "+",
                "&",
                "..",
                "//",
                "null",
                "{}",
                "[]",
                "-1",
                "9223372036854775808",
                "1e999",
                "\"\"",
                "[null]",
                "[{}]",
                "{\"a\":[",
                "\"spec\":",
                "\"status\":",
                "\"metadata\":",
                "\"labels\":",
                "\"ports\":",
                "\"containers\":",
                "\"finalizers\":",
                "\"$patch\":");
    }

    @Override
    protected void take(byte[] input) throws IOException {
        if (face == null) {
            face = new FaceFixture();
        }
        String answer = answer(request(new String(input, StandardCharsets.ISO_8859_1)));
        if (answer.startsWith("HTTP/1.1 500")) {
            assertThat(ALSO_UPSTREAM).as(answer).anyMatch(answer::contains);
        } else if (!answer.isEmpty()) {
            assertThat(answer).startsWith("HTTP/1.1 ");
        }
    }

    private static byte[] request(String input) {
        String text = input.replace("\r\n", "\n");
        int end = text.indexOf("\n\n");
        String head = end < 0 ? text : text.substring(0, end);
        String body = end < 0 ? "" : text.substring(end + 2);
        String[] lines = head.split("\n", 2);
        String line = lines[0] + (lines[0].contains(" HTTP/") ? "" : " HTTP/1.1");
        String headers = lines.length > 1 ? lines[1].replace("\n", "\r\n") + "\r\n" : "";
        return (line + "\r\n" + headers + "Host: a\r\nConnection: close\r\nAuthorization: " + FaceFixture.TOKEN
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What the server says, up to its end; of a watch, which has none, the beginning. "" when it just closes. */
    private String answer(byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), face.server.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[16 << 10];
            for (int count; answer.length() < MOST_READ && (count = in.read(buffer)) >= 0; ) {
                answer.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
                if (answer.length() > 12 && answer.charAt(9) < '5') {
                    break;
                }
            }
            return answer.toString();
        } catch (SocketException e) {
            return ""; // closed while the request was still being sent
        }
    }
}
