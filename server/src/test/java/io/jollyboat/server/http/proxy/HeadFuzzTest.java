package io.jollyboat.server.http.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.fuzz.FuzzContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/** Answers of Pods as the proxy reads them: head and body. */
class HeadFuzzTest extends FuzzContract {
    HeadFuzzTest() {
        super("heads.txt");
    }

    @Override
    protected List<String> words() {
        return List.of(
                "HTTP/1.1 ",
                "200",
                "100",
                "101",
                "\r\n",
                "\n\n",
                "Content-Length: ",
                "Transfer-Encoding: chunked",
                ":",
                "0\r\n\r\n",
                "ffffffff",
                "999999999999999999",
                ";",
                "-1",
                "+5",
                "chunked, gzip");
    }

    @Override
    protected void take(byte[] input) {
        ByteArrayInputStream in = new ByteArrayInputStream(input);
        try {
            Head head = Head.read(in);
            assertThat(head.status()).isBetween(101, 999);
            head.first("content-type");
            if (head.hasBody("GET")) {
                assertThat(Body.of(head, in).readAllBytes()).hasSizeLessThanOrEqualTo(input.length);
            }
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
