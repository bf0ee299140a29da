package io.jollyboat.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Private keys on the curve P-256 as text. Kubeconfigs hold them as {@code EC PRIVATE KEY} (SEC 1, RFC 5915), the form
 * that every client understands: some take any {@code PRIVATE KEY} (PKCS#8, RFC 5958) for an RSA key.
 */
public final class KeyPem {
    private static final String SEC1 = "EC PRIVATE KEY";
    private static final int SIZE = 32;
    private static final int POINT = 1 + 2 * SIZE;

    /** A sequence of 119 bytes: version 1, then 32 bytes of key, the curve's name and the public point. */
    private static final byte[] BEFORE_KEY = bytes("30770201010420");

    private static final byte[] BEFORE_POINT = bytes("a00a06082a8648ce3d030107a144034200");
    /** A sequence of 147 bytes: version 0, the algorithm and curve, and a SEC 1 key of 121 bytes. */
    private static final byte[] BEFORE_SEC1 = bytes("308193020100301306072a8648ce3d020106082a8648ce3d0301070479");

    private KeyPem() {}

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** The key as SEC 1. */
    public static String write(ECPrivateKey key, ECPublicKey belonging) {
        byte[] encoded = belonging.getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - POINT, encoded.length);
        byte[] sec1 = joined(BEFORE_KEY, fixed(key.getS().toByteArray()), BEFORE_POINT, point);
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(sec1);
        return "-----BEGIN " + SEC1 + "-----\n" + body + "\n-----END " + SEC1 + "-----\n";
    }

    /**
     * Reads either form.
     *
     * @throws GeneralSecurityException when it is none of them
     */
    public static PrivateKey read(String pem) throws GeneralSecurityException {
        try {
            byte[] content = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
            byte[] pkcs8 = pem.contains(SEC1) ? joined(BEFORE_SEC1, content) : content;
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("the private key is no PEM text", e);
        }
    }

    /** A number in exactly 32 bytes. */
    private static byte[] fixed(byte[] number) {
        byte[] result = new byte[SIZE];
        int length = Math.min(SIZE, number.length);
        System.arraycopy(number, number.length - length, result, SIZE - length, length);
        return result;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
