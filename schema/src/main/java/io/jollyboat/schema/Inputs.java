package io.jollyboat.schema;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells whether anything that the tables are made from has changed: the artifacts' versions, or this module. */
final class Inputs {
    private static final List<String> ARTIFACTS =
            List.of("/io/kubernetes/client/proto/V1.java", "/io/kubernetes/client/openapi/models/V1Pod.java");

    private Inputs() {}

    /** A short name for exactly these texts. */
    static String digest(String... texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                digest.update(text.getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of everything that is read. */
    static String digest() throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String artifact : ARTIFACTS) {
                URL place = Inputs.class.getResource(artifact);
                if (place == null) {
                    throw new IllegalStateException(
                            artifact + " is not on the class path: the schema module's dependencies must be resolved");
                }
                digest.update(place.toString().getBytes(StandardCharsets.UTF_8));
            }
            Path own = Path.of(Inputs.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.walk(own)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(Files.readAllBytes(file));
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
