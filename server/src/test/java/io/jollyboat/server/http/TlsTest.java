package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The same face over TLS, by HTTP/2 and HTTP/1.1. */
class TlsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static FaceFixture start(Certificates certificates, HttpClient.Version version, String subject)
            throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .sslContext(certificates.client(subject))
                .version(version)
                .build();
        return new FaceFixture(HttpSettings.onPort(0), Optional.of(certificates.tls), client);
    }

    @Test
    void bothVersionsOfHttpAreServedOnOnePort() throws Exception {
        Certificates certificates = new Certificates();
        for (HttpClient.Version version : List.of(HttpClient.Version.HTTP_2, HttpClient.Version.HTTP_1_1)) {
            try (FaceFixture face = start(certificates, version, "")) {
                var response = face.get("/api/v1/namespaces/default");
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.version()).isEqualTo(version);
                var large = face.request("POST", MAPS, "{\"data\":{\"a\":\"" + "x".repeat(10 << 20) + "\"}}");
                FaceTest.assertRefused(large, 413, "Request entity too large: limit is 3145728");
            }
        }
    }

    @Test
    void aCertificateIsAName() throws Exception {
        try (FaceFixture face = start(new Certificates(), HttpClient.Version.HTTP_2, "CN=ann,O=system:masters")) {
            var response = face.send(HttpRequest.newBuilder(face.uri(MAPS)));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
    }

    @Test
    void aStrangersCertificateIsAnsweredUnauthorized() throws Exception {
        Certificates ours = new Certificates();
        Certificates strangers = new Certificates();
        try (FaceFixture face = start(ours, HttpClient.Version.HTTP_2, "")) {
            var client = new ShowsAnything(ours, strangers).client();
            var response =
                    client.send(HttpRequest.newBuilder(face.uri("/version")).build(), BodyHandlers.ofString());
            FaceTest.assertRefused(response, 401, "Unauthorized");
        }
    }

    @Test
    void manyRequestsShareOneConnection() throws Exception {
        try (FaceFixture face = start(new Certificates(), HttpClient.Version.HTTP_2, "")) {
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(face.client()
                        .sendAsync(face.to(MAPS).build(), BodyHandlers.ofString())
                        .thenApply(r -> r.statusCode()));
            }
            assertThat(answers).allSatisfy(answer -> assertThat(answer.get()).isEqualTo(200));
        }
    }
}
