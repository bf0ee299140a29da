package io.jollyboat.server.access;

import io.jollyboat.server.http.Authenticator.Page;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The key pair (P-256) that tokens are signed with, in the forms of JSON Web Signatures and Keys (RFC 7515, 7517). */
record SigningKey(PrivateKey privateKey, PublicKey publicKey) {
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
    private static final String NAME = "ES256";
    private static final int COORDINATE_BYTES = 32;

    /** The key's name in tokens and in what is published: its own digest. */
    String id() {
        try {
            return encoded(MessageDigest.getInstance("SHA-256").digest(publicKey.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A signed token. */
    String sign(byte[] claims) {
        ObjectNode head = JsonNodeFactory.instance.objectNode().put("alg", NAME).put("kid", id());
        String text = encoded(head.toString().getBytes(StandardCharsets.UTF_8)) + "." + encoded(claims);
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(privateKey);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key that signs tokens is no P-256 key", e);
        }
    }

    /**
     * Whether we signed that.
     *
     * @throws GeneralSecurityException also where the signature is none
     */
    boolean signed(String text, byte[] signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initVerify(publicKey);
        signature.update(text.getBytes(StandardCharsets.US_ASCII));
        return signature.verify(signed);
    }

    /**
     * By which others find our keys (OpenID Connect Discovery 1.0).
     *
     * @param address of this server for everybody, never what a client called it
     */
    Page configuration(String address) {
        ObjectNode page = JsonNodeFactory.instance.objectNode().put("issuer", Tokens.ISSUER);
        page.put("jwks_uri", "https://" + address + "/openid/v1/jwks");
        page.putArray("response_types_supported").add("id_token");
        page.putArray("subject_types_supported").add("public");
        page.putArray("id_token_signing_alg_values_supported").add(NAME);
        return new Page("application/json", page);
    }

    /** The keys that tokens can be verified with. */
    Page published() {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        ObjectNode key = page.putArray("keys").addObject();
        key.put("use", "sig")
                .put("kty", "EC")
                .put("kid", id())
                .put("crv", "P-256")
                .put("alg", NAME);
        var point = ((ECPublicKey) publicKey).getW();
        key.put("x", coordinate(point.getAffineX())).put("y", coordinate(point.getAffineY()));
        return new Page("application/jwk-set+json", page);
    }

    /** Always of full length (RFC 7518, 6.2.1.2). */
    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] whole = new byte[COORDINATE_BYTES];
        int used = Math.min(bytes.length, COORDINATE_BYTES);
        System.arraycopy(bytes, bytes.length - used, whole, COORDINATE_BYTES - used, used);
        return encoded(whole);
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
