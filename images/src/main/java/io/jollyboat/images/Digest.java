package io.jollyboat.images;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The names of contents: {@code sha256:} and 64 hexadecimal digits (OCI image specification, descriptor). */
final class Digest {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final int CHUNK = 1 << 16;

    private Digest() {}

    static boolean isDigest(String text) {
        return FORM.matcher(text).matches();
    }

    static String of(byte[] content) {
        return text(sha256().digest(content));
    }

    static String of(InputStream content) throws IOException {
        MessageDigest sum = sha256();
        byte[] chunk = new byte[CHUNK];
        for (int n; (n = content.read(chunk)) > 0; ) {
            sum.update(chunk, 0, n);
        }
        return text(sum.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String text(byte[] sum) {
        return "sha256:" + HexFormat.of().formatHex(sum);
    }
}
