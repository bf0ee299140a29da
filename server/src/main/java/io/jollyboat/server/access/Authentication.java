package io.jollyboat.server.access;

import io.jollyboat.server.User;
import io.jollyboat.server.http.Authenticator;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds out who asks: by client certificate first, else by bearer token. Nobody gets in without either. */
public final class Authentication implements Authenticator {
    private static final String BEARER = "bearer ";

    private final Tokens tokens;
    private final String address;

    /** @param address of this server for everybody, with its port */
    public Authentication(Tokens tokens, String address) {
        this.tokens = tokens;
        this.address = address;
    }

    @Override
    public Optional<User> authenticate(List<X509Certificate> certificates, String authorization) {
        if (!certificates.isEmpty()) {
            return Users.of(certificates.getFirst());
        }
        if (authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return tokens.verify(authorization.substring(BEARER.length()).strip(), Tokens.ISSUER);
        }
        return Optional.empty();
    }

    @Override
    public Optional<Page> page(String path) {
        return switch (path) {
            case "/.well-known/openid-configuration" -> Optional.of(tokens.key().configuration(address));
            case "/openid/v1/jwks" -> Optional.of(tokens.key().published());
            default -> Optional.empty();
        };
    }
}
