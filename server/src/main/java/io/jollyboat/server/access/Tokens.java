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
import java.util.stream.Collectors;
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
    private static final String EXTRA = "authentication.kubernetes.io/";
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
        checkNames(account, request);
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
        bind(kubernetes, spec.path("boundObjectRef"), namespace, Meta.name(account));
        claims.put("nbf", now.getEpochSecond())
                .put("sub", "system:serviceaccount:" + namespace + ":" + Meta.name(account));
        ObjectNode answer = request.deepCopy();
        answer.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        answer.withObject("/metadata")
                .put("name", Meta.name(account))
                .put("namespace", namespace)
                .put("creationTimestamp", now.toString());
        answer.withObject("/spec")
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
            throw invalid(
                    "spec.expirationSeconds", life.toSeconds() + ": may not specify a duration less than 10 minutes");
        }
        if (life.compareTo(LONGEST_LIFE) > 0) {
            throw invalid(
                    "spec.expirationSeconds",
                    life.toSeconds() + ": may not specify a duration larger than 2^32 seconds");
        }
        return life;
    }

    /** A request may name the account that it is sent to, and no other. */
    private static void checkNames(ObjectNode account, ObjectNode request) {
        checkName("name", Meta.name(account), Meta.name(request));
        checkName("namespace", Meta.namespace(account), Meta.namespace(request));
    }

    private static void checkName(String field, String own, String given) {
        if (!given.isEmpty() && !given.equals(own)) {
            throw invalid(
                    "metadata." + field,
                    "\"%s\": must match the service account %s if specified".formatted(given, field));
        }
    }

    private static StatusException invalid(String field, String what) {
        return StatusException.invalid(
                REQUESTS, "", List.of(new Cause("FieldValueInvalid", "Invalid value: " + what, field)));
    }

    private static List<String> audiences(JsonNode spec) {
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asString("")));
        return audiences.isEmpty() ? List.of(ISSUER) : audiences;
    }

    /** Ties the token to an object that must be there now, and later when the token is used. */
    private void bind(ObjectNode kubernetes, JsonNode bound, String namespace, String account) {
        String kind = bound.path("kind").asString("");
        if (kind.isEmpty()) {
            return;
        }
        String version = bound.path("apiVersion").asString("v1");
        if (!BINDABLE.contains(kind) || !version.equals("v1")) {
            throw StatusException.badRequest("cannot bind token to object of type %s, Kind=%s"
                    .formatted(version.contains("/") ? version : "/" + version, kind));
        }
        Resource resource = Resources.kind("v1", kind);
        Target target = Target.of(
                resource,
                resource.namespaced() ? namespace : "",
                bound.path("name").asString(""));
        ObjectNode object = api.get(target);
        if (kind.equals("Pod")
                && !object.path("spec").path("serviceAccountName").asString("").equals(account)) {
            throw StatusException.badRequest(
                    "cannot bind token for serviceaccount \"%s\" to pod running with different serviceaccount name."
                            .formatted(account));
        }
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
        try {
            return Optional.of(verify(token, List.of(audience)).owner());
        } catch (TokenException e) {
            return Optional.empty();
        }
    }

    /**
     * A token that was found good.
     *
     * @param audiences those for which it is, of those that were asked for
     */
    record Verified(User owner, List<String> audiences) {
        Verified {
            audiences = List.copyOf(audiences);
        }
    }

    /** Verifies a token for any of some audiences. */
    Verified verify(String token, List<String> audiences) throws TokenException {
        JsonNode claims = claims(token);
        List<String> meant =
                claims.path("aud").valueStream().map(one -> one.asString("")).toList();
        List<String> both = audiences.stream().filter(meant::contains).toList();
        if (both.isEmpty()) {
            throw new TokenException("token audiences %s is invalid for the target audiences %s"
                    .formatted(quoted(meant), quoted(audiences)));
        }
        checkTime(claims);
        return new Verified(owner(claims), both);
    }

    private static String quoted(List<String> texts) {
        return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(" ", "[", "]"));
    }

    private JsonNode claims(String token) throws TokenException {
        if (token.length() > LONGEST_TOKEN) {
            throw TokenException.unknown();
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw TokenException.unknown();
        }
        try {
            if (key.signed(parts[0] + "." + parts[1], Base64.getUrlDecoder().decode(parts[2]))) {
                return JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            }
        } catch (GeneralSecurityException | IllegalArgumentException | JacksonException e) {
            // no token of ours
        }
        throw TokenException.unknown();
    }

    private void checkTime(JsonNode claims) throws TokenException {
        long now = world.now().getEpochSecond();
        if (now >= claims.path("exp").asLong(0)) {
            throw new TokenException("service account token has expired");
        }
        if (claims.path("nbf").asLong(Long.MAX_VALUE) > now) {
            throw new TokenException("service account token is not valid yet");
        }
    }

    private User owner(JsonNode claims) throws TokenException {
        JsonNode kubernetes = claims.path("kubernetes.io");
        String namespace = kubernetes.path("namespace").asString("");
        JsonNode account = kubernetes.path("serviceaccount");
        checkAccount(namespace, account);
        Map<String, List<String>> extra = new HashMap<>();
        extra.put(EXTRA + "credential-id", List.of("JTI=" + claims.path("jti").asString("")));
        JsonNode pod = kubernetes.path("pod");
        if (pod.isObject()) {
            checkBound(Resources.kind("v1", "Pod"), namespace, pod);
            extra.put(EXTRA + "pod-name", List.of(pod.path("name").asString("")));
            extra.put(EXTRA + "pod-uid", List.of(pod.path("uid").asString("")));
        }
        JsonNode node = kubernetes.path("node");
        if (node.isObject()) {
            if (!pod.isObject()) {
                checkBound(NODES, "", node);
            }
            if (node.has("uid")) {
                extra.put(EXTRA + "node-uid", List.of(node.path("uid").asString("")));
            }
            extra.put(EXTRA + "node-name", List.of(node.path("name").asString("")));
        }
        JsonNode secret = kubernetes.path("secret");
        if (secret.isObject()) {
            checkBound(Resources.kind("v1", "Secret"), namespace, secret);
        }
        return Users.serviceAccount(
                namespace,
                account.path("name").asString(""),
                account.path("uid").asString(""),
                extra);
    }

    private void checkAccount(String namespace, JsonNode claimed) throws TokenException {
        String uid = claimed.path("uid").asString("");
        String present;
        try {
            present = Meta.uid(
                    api.get(Target.of(ACCOUNTS, namespace, claimed.path("name").asString(""))));
        } catch (StatusException e) {
            throw new TokenException(e.failure().message());
        }
        if (!present.equals(uid)) {
            throw new TokenException("service account UID (%s) does not match claim (%s)".formatted(present, uid));
        }
    }

    private void checkBound(Resource resource, String namespace, JsonNode claimed) throws TokenException {
        try {
            String name = claimed.path("name").asString("");
            String present = Meta.uid(api.get(Target.of(resource, namespace, name)));
            if (present.equals(claimed.path("uid").asString(""))) {
                return;
            }
        } catch (StatusException e) {
            // it is not there
        }
        throw new TokenException("service account token has been invalidated");
    }
}
