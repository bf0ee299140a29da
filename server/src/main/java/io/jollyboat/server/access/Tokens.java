package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.Target;
import io.jollyboat.server.TokenIssuer;
import io.jollyboat.server.User;
import io.jollyboat.world.World;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokens of service accounts: JSON Web Tokens (RFC 7519) signed with ES256, made for TokenRequests and verified when
 * they come back. A token dies with its account, and with the Pod, Secret or Node that it is bound to.
 */
public final class Tokens implements TokenIssuer {
    /** What an audience is when nobody asks for one, and the issuer. */
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    private static final Duration DEFAULT_LIFE = Duration.ofHours(1);
    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(10);
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(1L << 32);
    private static final int LONGEST_TOKEN = 16 << 10;
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> BINDABLE = Set.of("Node", "Pod", "Secret");
    private static final Resource NODES = Resources.kind("v1", "Node");
    private static final Resource ACCOUNTS = Resources.kind("v1", "ServiceAccount");
    private static final Resource REQUESTS = new Resource(
            "authentication.k8s.io",
            "v1",
            "TokenRequest",
            "tokenrequests",
            "tokenrequest",
            List.of(),
            true,
            Set.of("create"),
            List.of(),
            List.of());

    private final Api api;
    private final World world;
    private final SigningKey key;

    /** @param api with the rights to read every account, Pod and Secret */
    public Tokens(Api api, World world, PrivateKey privateKey, PublicKey publicKey) {
        this.api = api;
        this.world = world;
        this.key = new SigningKey(privateKey, publicKey);
    }

    /** What others verify our tokens with. */
    SigningKey key() {
        return key;
    }

    @Override
    public ObjectNode issue(User user, ObjectNode account, ObjectNode request) {
        JsonNode spec = request.path("spec");
        Instant now = world.now().truncatedTo(ChronoUnit.SECONDS);
        Instant end = now.plus(life(spec));
        ObjectNode claims = JSON.createObjectNode();
        ArrayNode audiences = claims.putArray("aud");
        audiences(spec).forEach(audiences::add);
        String namespace = Meta.namespace(account);
        claims.put("exp", end.getEpochSecond())
                .put("iat", now.getEpochSecond())
                .put("iss", ISSUER)
                .put("jti", world.uuid().toString());
        ObjectNode kubernetes = claims.putObject("kubernetes.io").put("namespace", namespace);
        kubernetes.putObject("serviceaccount").put("name", Meta.name(account)).put("uid", Meta.uid(account));
        bind(kubernetes, spec.path("boundObjectRef"), namespace);
        claims.put("nbf", now.getEpochSecond())
                .put("sub", "system:serviceaccount:" + namespace + ":" + Meta.name(account));
        ObjectNode answer = request.deepCopy();
        answer.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        ((ObjectNode) answer.withObject("/spec"))
                .put("expirationSeconds", Duration.between(now, end).toSeconds())
                .set("audiences", audiences);
        answer.putObject("status")
                .put("token", key.sign(JSON.writeValueAsBytes(claims)))
                .put("expirationTimestamp", end.toString());
        return answer;
    }

    private static Duration life(JsonNode spec) {
        Duration life = spec.has("expirationSeconds")
                ? Duration.ofSeconds(spec.path("expirationSeconds").asLong())
                : DEFAULT_LIFE;
        if (life.compareTo(SHORTEST_LIFE) < 0) {
            throw invalid("may not specify a duration less than 10 minutes", life);
        }
        if (life.compareTo(LONGEST_LIFE) > 0) {
            throw invalid("may not specify a duration larger than 2^32 seconds", life);
        }
        return life;
    }

    private static StatusException invalid(String rule, Duration life) {
        return StatusException.invalid(
                REQUESTS,
                "",
                List.of(new Cause(
                        "FieldValueInvalid",
                        "Invalid value: " + life.toSeconds() + ": " + rule,
                        "spec.expirationSeconds")));
    }

    private static List<String> audiences(JsonNode spec) {
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asString("")));
        return audiences.isEmpty() ? List.of(ISSUER) : audiences;
    }

    /** Ties the token to an object that must be there now, and later when the token is used. */
    private void bind(ObjectNode kubernetes, JsonNode bound, String namespace) {
        String kind = bound.path("kind").asString("");
        if (kind.isEmpty()) {
            return;
        }
        if (!BINDABLE.contains(kind)) {
            throw StatusException.badRequest("cannot bind token for serviceaccount to object of type /%s, Kind=%s"
                    .formatted(bound.path("apiVersion").asString("v1"), kind));
        }
        Resource resource = Resources.kind("v1", kind);
        Target target = Target.of(
                resource,
                resource.namespaced() ? namespace : "",
                bound.path("name").asString(""));
        ObjectNode object = api.get(target);
        String uid = bound.path("uid").asString("");
        if (!uid.isEmpty() && !uid.equals(Meta.uid(object))) {
            throw StatusException.conflict(
                    target,
                    "the UID in the bound object reference (%s) does not match the UID in record. The object might have been deleted and then recreated"
                            .formatted(uid));
        }
        refer(kubernetes, kind.toLowerCase(Locale.ROOT), object);
        String node = object.path("spec").path("nodeName").asString("");
        if (kind.equals("Pod") && !node.isEmpty()) {
            try {
                refer(kubernetes, "node", api.get(Target.of(NODES, "", node)));
            } catch (StatusException e) {
                kubernetes.putObject("node").put("name", node); // it is going: the Pod too
            }
        }
    }

    private static void refer(ObjectNode kubernetes, String field, ObjectNode object) {
        kubernetes.putObject(field).put("name", Meta.name(object)).put("uid", Meta.uid(object));
    }

    /**
     * Who a token speaks for: signed by us, for this audience, not expired, its account and what it is bound to still
     * there.
     */
    public Optional<User> verify(String token, String audience) {
        return claims(token)
                .filter(claims -> timely(claims) && meant(claims, audience))
                .flatMap(this::owner);
    }

    private Optional<JsonNode> claims(String token) {
        if (token.length() > LONGEST_TOKEN) {
            return Optional.empty();
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            if (!key.signed(parts[0] + "." + parts[1], Base64.getUrlDecoder().decode(parts[2]))) {
                return Optional.empty();
            }
            return Optional.of(JSON.readTree(Base64.getUrlDecoder().decode(parts[1])));
        } catch (GeneralSecurityException | IllegalArgumentException | JacksonException e) {
            return Optional.empty();
        }
    }

    private boolean timely(JsonNode claims) {
        long now = world.now().getEpochSecond();
        return claims.path("nbf").asLong(Long.MAX_VALUE) <= now
                && now < claims.path("exp").asLong(0);
    }

    private static boolean meant(JsonNode claims, String audience) {
        for (JsonNode one : claims.path("aud")) {
            if (one.asString("").equals(audience)) {
                return true;
            }
        }
        return false;
    }

    private Optional<User> owner(JsonNode claims) {
        JsonNode kubernetes = claims.path("kubernetes.io");
        String namespace = kubernetes.path("namespace").asString("");
        JsonNode account = kubernetes.path("serviceaccount");
        if (!lives(ACCOUNTS, namespace, account)) {
            return Optional.empty();
        }
        Map<String, List<String>> extra = new HashMap<>();
        extra.put(
                "authentication.kubernetes.io/credential-id",
                List.of("JTI=" + claims.path("jti").asString("")));
        JsonNode pod = kubernetes.path("pod");
        if (pod.isObject()) {
            if (!lives(Resources.kind("v1", "Pod"), namespace, pod)) {
                return Optional.empty();
            }
            extra.put(
                    "authentication.kubernetes.io/pod-name",
                    List.of(pod.path("name").asString("")));
            extra.put(
                    "authentication.kubernetes.io/pod-uid",
                    List.of(pod.path("uid").asString("")));
        }
        JsonNode node = kubernetes.path("node");
        if (node.isObject()) {
            if (!pod.isObject() && !lives(NODES, "", node)) {
                return Optional.empty();
            }
            if (node.has("uid")) {
                extra.put(
                        "authentication.kubernetes.io/node-uid",
                        List.of(node.path("uid").asString("")));
            }
            extra.put(
                    "authentication.kubernetes.io/node-name",
                    List.of(node.path("name").asString("")));
        }
        JsonNode secret = kubernetes.path("secret");
        if (secret.isObject() && !lives(Resources.kind("v1", "Secret"), namespace, secret)) {
            return Optional.empty();
        }
        return Optional.of(Users.serviceAccount(
                namespace,
                account.path("name").asString(""),
                account.path("uid").asString(""),
                extra));
    }

    private boolean lives(Resource resource, String namespace, JsonNode reference) {
        try {
            String name = reference.path("name").asString("");
            return Meta.uid(api.get(Target.of(resource, namespace, name)))
                    .equals(reference.path("uid").asString(""));
        } catch (StatusException e) {
            return false;
        }
    }
}
