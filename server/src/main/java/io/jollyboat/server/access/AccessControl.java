package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.server.Answering;
import io.jollyboat.server.Server;
import io.jollyboat.server.http.Authenticator;
import io.jollyboat.world.World;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.function.Function;

/**
 * The cluster's whole access control: who is let in, what each may do, and the kinds that answer questions about it.
 *
 * @param signer signs the tokens of service accounts (P-256)
 * @param verifier belongs to it
 */
public record AccessControl(World world, PrivateKey signer, PublicKey verifier) {
    /** Makes a server that is being built ask us. */
    public Server.Builder install(Server.Builder builder) {
        return builder.authorizer(Rbac::new)
                .tokens(this::tokens)
                .answering("authorization.k8s.io/v1 SelfSubjectAccessReview", question(r -> r::selfAccess))
                .answering("authorization.k8s.io/v1 SubjectAccessReview", question(r -> r::subjectAccess))
                .answering("authorization.k8s.io/v1 LocalSubjectAccessReview", question(r -> r::subjectAccess))
                .answering("authorization.k8s.io/v1 SelfSubjectRulesReview", question(r -> r::selfRules))
                .answering("authentication.k8s.io/v1 SelfSubjectReview", question(r -> r::self))
                .answering("authentication.k8s.io/v1 TokenReview", question(r -> r::token));
    }

    /** Says who comes through the server's port. */
    public Authenticator authenticator(Server server) {
        return new Authentication(tokens(server.internal()));
    }

    private Tokens tokens(Api api) {
        return new Tokens(api, world, signer, verifier);
    }

    private Function<Api, Answering> question(Function<Reviews, Answering> answer) {
        return api -> answer.apply(new Reviews(new Rbac(api), tokens(api)));
    }
}
