package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.server.Answering;
import io.jollyboat.server.Server;
import io.jollyboat.server.TokenIssuer;
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
    private static final String AUTHORIZATION = "authorization.k8s.io/v1";
    private static final String AUTHENTICATION = "authentication.k8s.io/v1";

    /** Makes a server that is being built ask us. */
    public Server.Builder install(Server.Builder builder) {
        builder.authorizer(AccessControl::authorizer).tokens(this::issuer);
        answer(builder, AUTHORIZATION, "SelfSubjectAccessReview", r -> r::selfAccess);
        answer(builder, AUTHORIZATION, "SubjectAccessReview", r -> r::subjectAccess);
        answer(builder, AUTHORIZATION, "LocalSubjectAccessReview", r -> r::localSubjectAccess);
        answer(builder, AUTHORIZATION, "SelfSubjectRulesReview", r -> r::selfRules);
        answer(builder, AUTHENTICATION, "SelfSubjectReview", r -> r::self);
        answer(builder, AUTHENTICATION, "TokenReview", r -> r::token);
        return builder;
    }

    private void answer(Server.Builder builder, String version, String kind, Function<Reviews, Answering> way) {
        builder.answering(version + " " + kind, api -> {
            Answering answering = way.apply(new Reviews(world, new Rbac(api), authorizer(api), tokens(api)));
            return (user, namespace, question) -> answering
                    .answer(user, namespace, question)
                    .put("apiVersion", version)
                    .put("kind", kind);
        });
    }

    /** Says who comes through the server's port. */
    public Authenticator authenticator(Server server) {
        return new Authentication(tokens(server.internal()), server.address());
    }

    /** Nodes by what their Pods need, everybody by roles. */
    private static NodeAuthorizer authorizer(Api api) {
        return new NodeAuthorizer(api, new Rbac(api));
    }

    private TokenIssuer issuer(Api api) {
        NodeAuthorizer nodes = authorizer(api);
        Tokens tokens = tokens(api);
        return (user, account, request) -> {
            tokens.check(account, request);
            nodes.checkToken(user, account, request);
            return tokens.issue(user, account, request);
        };
    }

    private Tokens tokens(Api api) {
        return new Tokens(api, world, signer, verifier);
    }
}
