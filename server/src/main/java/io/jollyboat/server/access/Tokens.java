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

    /** What a Pod's token asks for that the cluster mounts: it lives longer, for programs that never read it again. */
    private static final Duration WARNED_LIFE = Duration.ofSeconds(3607);

    private static final Duration EXTENDED_LIFE = Duration.ofDays(365);

    /** By so much may clocks differ. */
    private static final Duration LEEWAY = Duration.ofMinutes(1);

    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(10);
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(1L << 32);
    private static final int LONGEST_TOKEN = 16 << 10;
    private static final String EXTRA = "authentication.kubernetes.io/";
    private static final String INVALIDATED = "service account token has been invalidated";
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

    /** @throws StatusException 409 for another account of the same name, 422 for a life too short or too long */
    void check(ObjectNode account, ObjectNode request) {
        String uid = Meta.uid(request);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(account))) {
            throw conflict(
                    REQUESTS,
                    Meta.name(account),
                    "the UID in the token request (%s) does not match the UID of the service account (%s)"
                            .formatted(uid, Meta.uid(account)));
        }
        Duration life = life(request);
        if (life.compareTo(SHORTEST_LIFE) < 0) {
            throw invalid(life, "may not specify a duration less than 10 minutes");
        }
        if (life.compareTo(LONGEST_LIFE) > 0) {
            throw invalid(life, "may not specify a duration larger than 2^32 seconds");
        }
    }

    @Override
    public ObjectNode issue(User user, ObjectNode account, ObjectNode request) {
        check(account, request);
        JsonNode spec = request.path("spec");
        Instant now = world.now().truncatedTo(ChronoUnit.SECONDS);
        Duration life = life(request);
        ObjectNode claims = JSON.createObjectNode();
        ArrayNode audiences = claims.putArray("aud");
        audiences(spec).forEach(audiences::add);
        String namespace = Meta.namespace(account);
        ObjectNode kubernetes = JSON.createObjectNode().put("namespace", namespace);
        kubernetes.putObject("serviceaccount").put("name", Meta.name(account)).put("uid", Meta.uid(account));
        bind(kubernetes, spec.path("boundObjectRef"), namespace, Meta.name(account));
        boolean extended = kubernetes.has("pod")
                && life.equals(WARNED_LIFE)
                && audiences(spec).equals(List.of(ISSUER));
        if (extended) {
            kubernetes.put("warnafter", now.plus(life).getEpochSecond());
        }
        claims.put("exp", now.plus(extended ? EXTENDED_LIFE : life).getEpochSecond())
                .put("iat", now.getEpochSecond())
                .put("iss", ISSUER)
                .put("jti", world.uuid().toString())
                .set("kubernetes.io", kubernetes);
        claims.put("nbf", now.getEpochSecond())
                .put("sub", "system:serviceaccount:" + namespace + ":" + Meta.name(account));
        request.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        Meta.writable(request)
                .put("name", Meta.name(account))
                .put("namespace", namespace)
                .put("uid", Meta.uid(account))
                .put("creationTimestamp", now.toString());
        ObjectNode asked = request.withObjectProperty("spec");
        asked.set("audiences", audiences);
        if (!asked.has("boundObjectRef")) {
            asked.putNull("boundObjectRef");
        }
        request.putObject("status")
                .put("token", key.sign(JSON.writeValueAsBytes(claims)))
                .put("expirationTimestamp", now.plus(life).toString());
        return request;
    }

    private static Duration life(ObjectNode request) {
        return Duration.ofSeconds(request.path("spec").path("expirationSeconds").asLong());
    }

    private static StatusException invalid(Duration life, String detail) {
        String message = "Invalid value: %d: %s".formatted(life.toSeconds(), detail);
        return StatusException.invalid(
                REQUESTS, "", List.of(new Cause("FieldValueInvalid", message, "spec.expirationSeconds")));
    }

    /** Told by the kind, not by the resource. */
    private static StatusException conflict(Resource kind, String name, String detail) {
        Resource told = new Resource(
                kind.group(),
                kind.version(),
                kind.kind(),
                kind.kind(),
                "",
                List.of(),
                true,
                Set.of(),
                List.of(),
                List.of());
        return StatusException.conflict(Target.of(told, "", name), detail);
    }

    private static List<String> audiences(JsonNode spec) {
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asString("")));
        return audiences.isEmpty() ? List.of(ISSUER) : audiences;
    }

    /** Ties the token to an object that must be there now, and later when the token is used. */
    private void bind(ObjectNode kubernetes, JsonNode bound, String namespace, String account) {
        if (!bound.isObject()) {
            return;
        }
        String kind = bound.path("kind").asString("");
        String version = bound.path("apiVersion").asString("");
        if (!BINDABLE.contains(kind) || version.contains("/")) {
            throw StatusException.badRequest("cannot bind token to object of type %s, Kind=%s"
                    .formatted(version.contains("/") ? version : "/" + version, kind));
        }
        Resource resource = Resources.kind("v1", kind);
        String name = bound.path("name").asString("");
        if (name.isEmpty()) {
            throw StatusException.badRequest("Name parameter required.");
        }
        Target target = Target.of(resource, resource.namespaced() ? namespace : "", name);
        ObjectNode object = api.get(target);
        if (kind.equals("Pod")
                && !object.path("spec").path("serviceAccountName").asString("").equals(account)) {
            throw StatusException.badRequest(
                    "cannot bind token for serviceaccount \"%s\" to pod running with different serviceaccount name."
                            .formatted(account));
        }
        String uid = bound.path("uid").asString("");
        if (!uid.isEmpty() && !uid.equals(Meta.uid(object))) {
            throw conflict(
                    resource,
                    name,
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
        String[] parts = token.split("\\.", -1);
        if (token.length() > LONGEST_TOKEN || parts.length != 3) {
            throw TokenException.unknown();
        }
        JsonNode claims = part(parts[1]);
        JsonNode head = part(parts[0]);
        if (!claims.path("iss").asString("").equals(ISSUER) || !head.isObject()) {
            throw TokenException.unknown();
        }
        String keyId = head.path("kid").asString("");
        if (!keyId.isEmpty() && !keyId.equals(key.id())) {
            throw new TokenException("invalid signature, no keys found");
        }
        if (!signed(parts[0] + "." + parts[1], parts[2])) {
            throw new TokenException("go-jose/go-jose: error in cryptographic primitive");
        }
        return claims;
    }

    private static JsonNode part(String encoded) throws TokenException {
        try {
            return JSON.readTree(Base64.getUrlDecoder().decode(encoded));
        } catch (IllegalArgumentException | JacksonException e) {
            throw TokenException.unknown(); // no token of ours
        }
    }

    private boolean signed(String text, String signature) throws TokenException {
        byte[] signed;
        try {
            signed = Base64.getUrlDecoder().decode(signature);
        } catch (IllegalArgumentException e) {
            throw TokenException.unknown();
        }
        try {
            return key.signed(text, signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void checkTime(JsonNode claims) throws TokenException {
        Instant now = world.now();
        if (now.minus(LEEWAY).isAfter(Instant.ofEpochSecond(claims.path("exp").asLong(0)))) {
            throw new TokenException("service account token has expired");
        }
        Instant late = now.plus(LEEWAY);
        if (late.isBefore(Instant.ofEpochSecond(claims.path("nbf").asLong(Long.MAX_VALUE >> 20)))) {
            throw new TokenException("service account token is not valid yet");
        }
        if (late.isBefore(Instant.ofEpochSecond(claims.path("iat").asLong(0)))) {
            throw new TokenException("service account token is issued in the future");
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
            checkBound("Pod", namespace, pod);
            extra.put(EXTRA + "pod-name", List.of(pod.path("name").asString("")));
            extra.put(EXTRA + "pod-uid", List.of(pod.path("uid").asString("")));
        }
        JsonNode node = kubernetes.path("node");
        if (node.isObject()) {
            if (!pod.isObject()) {
                checkBound("Node", "", node);
            }
            if (node.has("uid")) {
                extra.put(EXTRA + "node-uid", List.of(node.path("uid").asString("")));
            }
            extra.put(EXTRA + "node-name", List.of(node.path("name").asString("")));
        }
        JsonNode secret = kubernetes.path("secret");
        if (secret.isObject()) {
            checkBound("Secret", namespace, secret);
        }
        return Users.serviceAccount(
                namespace,
                account.path("name").asString(""),
                account.path("uid").asString(""),
                extra);
    }

    private void checkAccount(String namespace, JsonNode claimed) throws TokenException {
        String name = claimed.path("name").asString("");
        String uid = claimed.path("uid").asString("");
        ObjectNode account;
        try {
            account = api.get(Target.of(ACCOUNTS, namespace, name));
        } catch (StatusException e) {
            throw new TokenException(e.failure().message());
        }
        if (!Meta.uid(account).equals(uid)) {
            throw new TokenException(
                    "service account UID (%s) does not match claim (%s)".formatted(Meta.uid(account), uid));
        }
        if (isGone(account)) {
            throw new TokenException("service account %s/%s has been deleted".formatted(namespace, name));
        }
    }

    private ObjectNode checkBound(String kind, String namespace, JsonNode claimed) throws TokenException {
        ObjectNode object;
        try {
            String name = claimed.path("name").asString("");
            object = api.get(Target.of(Resources.kind("v1", kind), namespace, name));
        } catch (StatusException e) {
            throw new TokenException(INVALIDATED);
        }
        String uid = claimed.path("uid").asString("");
        if (!Meta.uid(object).equals(uid)) {
            throw new TokenException("%s UID (%s) does not match service account %s ref claim (%s)"
                    .formatted(kind.toLowerCase(Locale.ROOT), Meta.uid(object), kind.toLowerCase(Locale.ROOT), uid));
        }
        if (isGone(object)) {
            throw new TokenException(INVALIDATED);
        }
        return object;
    }

    /** For so long that everybody's clock says so. */
    private boolean isGone(ObjectNode object) {
        String deleted = object.path("metadata").path("deletionTimestamp").asString("");
        return !deleted.isEmpty() && Instant.parse(deleted).isBefore(world.now().minus(LEEWAY));
    }
}
