package io.jollyboat.server.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What whoever verifies tokens of this cluster asks for: the issuer's configuration and keys (OpenID Connect Discovery). */
final class IssuerPages {
    private final Authenticator issuer;

    IssuerPages(Authenticator issuer) {
        this.issuer = issuer;
    }

    void answer(Call call) throws IOException {
        Authenticator.Page page =
                issuer.page(call.request().path().replaceAll("/+$", "")).orElseThrow(Statuses::noSuchPath);
        call.accepts().demand(page.type());
        call.response().header("content-type", page.type()).header("cache-control", "public, max-age=3600");
        call.response().send(page.document().toString().getBytes(StandardCharsets.UTF_8));
    }
}
