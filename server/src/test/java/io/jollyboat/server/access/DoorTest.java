package io.jollyboat.server.access;

import static io.jollyboat.server.access.AccessFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.server.http.Backend;
import io.jollyboat.server.http.HttpServer;
import io.jollyboat.server.http.HttpSettings;
import io.jollyboat.server.http.wire.Tls;
import io.jollyboat.testing.TestAuthority;
import io.jollyboat.world.World;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who gets in through the server's port, and as whom. */
class DoorTest {
    private static final String WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

    private final AccessFixture cluster = new AccessFixture();
    private final TestAuthority authority = new TestAuthority();
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        TestAuthority.Identity own = authority.server();
        Tls tls = new Tls(List.of(own.certificate()), own.key(), List.of(authority.certificate()));
        Backend backend = Backend.of(cluster.server, Resources::builtIn, Map.of());
        server = HttpServer.start(
                World.system(),
                HttpSettings.onPort(0),
                Optional.of(tls),
                HttpServer.Parts.plain(backend, cluster.control.authenticator(cluster.server)));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static HttpClient client(TestAuthority trusted, Optional<TestAuthority.Identity> identity)
            throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        if (identity.isPresent()) {
            keys.setKeyEntry("me", identity.get().key(), new char[0], new Certificate[] {
                identity.get().certificate()
            });
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, new char[0]);
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("authority", trusted.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(authorities);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    private HttpResponse<String> send(
            Optional<TestAuthority.Identity> identity, String method, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = client(authority, identity)) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private JsonNode who(Optional<TestAuthority.Identity> identity, String... headers) throws Exception {
        HttpResponse<String> answer = send(identity, "POST", WHO, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JsonMapper.shared().readTree(answer.body()).at("/status/userInfo");
    }

    private String token() {
        Target robot = Target.of(Resources.kind("v1", "ServiceAccount"), "default", "robot");
        return cluster.admin
                .create(robot.withSubresource("token"), yaml("{spec: {}}"), WriteOptions.by("test"))
                .at("/status/token")
                .asString();
    }

    @Test
    void withoutCredentialsNobodyGetsIn() throws Exception {
        for (String path : List.of("/api", "/api/v1/namespaces", "/openapi/v2", "/metrics", "/nothing")) {
            HttpResponse<String> answer = send(Optional.empty(), "GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(403);
            assertThat(answer.body())
                    .contains("\"reason\":\"Forbidden\"")
                    .contains("User \\\"system:anonymous\\\" cannot ");
        }
        assertThat(send(Optional.empty(), "GET", "/livez").statusCode()).isEqualTo(200);
        assertThat(send(Optional.empty(), "GET", "/version").statusCode()).isEqualTo(200);
    }

    @Test
    void aCertificateNamesUserAndGroups() throws Exception {
        JsonNode ann = who(Optional.of(authority.client("CN=ann,O=builders,O=painters")));
        assertThat(ann.path("username").asString()).isEqualTo("ann");
        assertThat(ann.path("groups").toString()).isEqualTo("[\"builders\",\"painters\",\"system:authenticated\"]");
        JsonNode node = who(Optional.of(authority.client("CN=system:node:n1,O=system:nodes")));
        assertThat(node.path("username").asString()).isEqualTo("system:node:n1");
        assertThat(send(
                                Optional.of(authority.client("CN=system:node:n1,O=system:nodes")),
                                "GET",
                                "/api/v1/namespaces/default/secrets")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void certificatesOfOthersAndWithoutANameAreRefused() throws Exception {
        assertThat(send(Optional.of(new TestAuthority().client("CN=ann")), "GET", "/api")
                        .statusCode())
                .isEqualTo(401);
        assertThat(send(Optional.of(authority.client("O=system:masters")), "GET", "/api")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aTokenIsTakenWhileItIsGood() throws Exception {
        String bearer = "Bearer " + token();
        JsonNode robot = who(Optional.empty(), "Authorization", bearer);
        assertThat(robot.path("username").asString()).isEqualTo("system:serviceaccount:default:robot");
        cluster.world.advance(Duration.ofMinutes(62));
        assertThat(send(Optional.empty(), "POST", WHO, "Authorization", bearer).statusCode())
                .isEqualTo(401);
        for (String wrong : List.of("Bearer x", "Bearer", "Basic YTpi", bearer + "x")) {
            assertThat(send(Optional.empty(), "POST", WHO, "Authorization", wrong)
                            .statusCode())
                    .as(wrong)
                    .isEqualTo(401);
        }
    }

    /** As whoever knows nothing but the server's address verifies a token. */
    @Test
    void othersCanVerifyTokensWithWhatIsPublished() throws Exception {
        String token = token();
        String bearer = "Bearer " + token;
        assertThat(send(Optional.empty(), "GET", "/.well-known/openid-configuration")
                        .statusCode())
                .isEqualTo(403);
        HttpResponse<String> found =
                send(Optional.empty(), "GET", "/.well-known/openid-configuration", "Authorization", bearer);
        assertThat(found.headers().firstValue("content-type")).contains("application/json");
        JsonNode configuration = JsonMapper.shared().readTree(found.body());
        assertThat(configuration.path("issuer").asString()).isEqualTo(Tokens.ISSUER);
        assertThat(configuration.path("jwks_uri").asString()).isEqualTo("https://10.41.0.1:6443/openid/v1/jwks");
        String path = URI.create(configuration.path("jwks_uri").asString()).getPath();
        HttpResponse<String> keys = send(Optional.empty(), "GET", path, "Authorization", bearer);
        assertThat(keys.headers().firstValue("content-type")).contains("application/jwk-set+json");
        JsonNode key = JsonMapper.shared().readTree(keys.body()).at("/keys/0");
        String[] parts = token.split("\\.");
        JsonNode head = JsonMapper.shared().readTree(Base64.getUrlDecoder().decode(parts[0]));
        assertThat(head.path("kid")).isEqualTo(key.path("kid"));
        assertThat(head.path("alg").asString()).isEqualTo("ES256");
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(publicKey(key));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    private static PublicKey publicKey(JsonNode key) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(coordinate(key.path("x")), coordinate(key.path("y")));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger coordinate(JsonNode text) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(text.asString()));
    }

    @Test
    void administratorsMayBeTakenForOthers() throws Exception {
        var root = Optional.of(authority.client("CN=root,O=system:masters"));
        JsonNode ben = who(
                root,
                "Impersonate-User",
                "ben",
                "Impersonate-Group",
                "g1",
                "Impersonate-Group",
                "g2",
                "Impersonate-Extra-scopes",
                "view");
        assertThat(ben.path("username").asString()).isEqualTo("ben");
        assertThat(ben.path("groups").toString()).isEqualTo("[\"g1\",\"g2\",\"system:authenticated\"]");
        assertThat(ben.at("/extra/scopes/0").asString()).isEqualTo("view");
        JsonNode robot = who(root, "Impersonate-User", "system:serviceaccount:default:robot");
        assertThat(robot.path("groups").toString())
                .isEqualTo("[\"system:serviceaccounts\",\"system:serviceaccounts:default\",\"system:authenticated\"]");
        assertThat(send(root, "GET", "/api/v1/secrets", "Impersonate-User", "ben")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void othersMayNotBeTakenForAnybody() throws Exception {
        var ann = Optional.of(authority.client("CN=ann"));
        HttpResponse<String> refused = send(ann, "GET", "/api", "Impersonate-User", "root");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(JsonMapper.shared().readTree(refused.body()).path("message").asString())
                .isEqualTo(
                        "users \"root\" is forbidden: User \"ann\" cannot impersonate resource \"users\" in API group"
                                + " \"\" at the cluster scope");
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: as-ben}
                rules: [{apiGroups: [""], resources: [users], resourceNames: [ben], verbs: [impersonate]}]
                """);
        cluster.create("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: as-ben}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: as-ben}
                subjects: [{kind: User, name: ann}]
                """);
        assertThat(who(ann, "Impersonate-User", "ben").path("username").asString())
                .isEqualTo("ben");
        assertThat(send(ann, "GET", "/api", "Impersonate-User", "ben", "Impersonate-Group", "system:masters")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send(ann, "GET", "/api", "Impersonate-Group", "g").statusCode())
                .isEqualTo(400);
    }
}
