package io.jollyboat.node.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jollyboat.node.cri.v1.ImageSpec;
import io.jollyboat.node.cri.v1.PullImageRequest;
import io.jollyboat.node.host.TestNode;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every registry's images come from the mirror on the host, by plain HTTP, without an uplink. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.IP, Need.NFT, Need.BUSYBOX})
@Timeout(300)
class RegistryMirrorTest {
    private static final int NUMBER = 6;
    private static final int PORT = 5006;

    @Test
    void imagesOfAllRegistriesComeFromTheMirror() throws Exception {
        String address = "10.141." + NUMBER + ".1";
        try (TestNode test = TestNode.start(NUMBER, Optional.of("http://" + address + ":" + PORT))) {
            HttpServer mirror = serve(address, TestNode.busybox());
            try {
                var cri = new Cri(test.node().connection());
                for (String name : new String[] {"some/image:v1", "registry.example/other", "localhost:5000/third:2"}) {
                    assertThat(cri.image(name)).isEmpty();
                    cri.pull(pull(name));
                    assertThat(cri.image(name)).isPresent();
                }
                assertThatThrownBy(() -> cri.pull(pull("no/such:1"))).isInstanceOf(CriException.class);
            } finally {
                mirror.stop(0);
            }
        }
    }

    private static PullImageRequest pull(String name) {
        return PullImageRequest.newBuilder()
                .setImage(ImageSpec.newBuilder().setImage(name))
                .build();
    }

    /** The least of a registry: one image under every name but {@code no/such}. */
    private static HttpServer serve(String address, OciImage image) throws IOException {
        Map<String, byte[]> blobs =
                Map.of(OciImage.digest(image.layer()), image.layer(), OciImage.digest(image.config()), image.config());
        HttpServer server = HttpServer.create(new InetSocketAddress(address, PORT), 0);
        server.createContext("/v2/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String last = path.substring(path.lastIndexOf('/') + 1);
            if (path.contains("/manifests/") && !path.contains("no/such")) {
                exchange.getResponseHeaders().add("Content-Type", OciImage.MANIFEST_TYPE);
                answer(exchange, image.manifest());
            } else if (blobs.containsKey(last)) {
                answer(exchange, blobs.get(last));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Docker-Content-Digest", OciImage.digest(body));
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(200, -1);
        } else {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
