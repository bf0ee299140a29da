package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Change;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fills Secrets of the type {@code kubernetes.io/service-account-token} with a token that lives as long as they do, and
 * deletes them when their account is gone (Kubernetes' documentation, "Manually create a long-lived API token").
 */
final class TokenSecretController implements Controller {
    /** The longest that the API gives. */
    private static final long LIFE_SECONDS = 1L << 32;

    private final Api api;
    private final Mirror<TokenSecret> secrets;
    private final Mirror<Metadata> accounts;
    private final String certificate;
    private final Loop<Key> loop;

    /** @param certificate of the cluster's authority, in PEM */
    TokenSecretController(
            Api api, World world, Mirror<TokenSecret> secrets, Mirror<Metadata> accounts, String certificate) {
        this.api = api;
        this.secrets = secrets;
        this.accounts = accounts;
        this.certificate = certificate;
        this.loop = new Loop<>(world, "tokens-controller", this::handle);
        secrets.onChange(change -> loop.add(change.key()));
        accounts.onChange(change -> {
            if (change instanceof Change.Removed<Metadata>) {
                String account = change.key().toString();
                secrets.snapshot()
                        .in(TokenSecret.BY_ACCOUNT, account)
                        .forEach(secret -> loop.add(secret.metadata().key()));
            }
        });
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(secrets, accounts);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void handle(Key key) {
        Optional<TokenSecret> found =
                secrets.snapshot().get(key).filter(secret -> !secret.metadata().deleting());
        if (found.isEmpty()) {
            return;
        }
        TokenSecret secret = found.get();
        Target account = new Key(key.namespace(), secret.account()).in(accounts.resource());
        Optional<String> uid = uid(account);
        boolean another = !secret.accountUid().isEmpty() && !uid.orElse("").equals(secret.accountUid());
        if (uid.isEmpty() || another) {
            delete(secret);
        } else if (!secret.filled() || secret.accountUid().isEmpty()) {
            fill(secret, account, uid.get());
        }
    }

    /** The API is asked, not the mirror: a Secret is deleted only when its account is really gone. */
    private Optional<String> uid(Target account) {
        try {
            return Optional.of(Meta.uid(api.get(account)));
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void fill(TokenSecret secret, Target account, String uid) {
        ObjectNode request = Merge.object();
        request.putObject("spec")
                .put("expirationSeconds", LIFE_SECONDS)
                .putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Secret")
                .put("name", secret.metadata().key().name())
                .put("uid", secret.metadata().uid());
        WriteOptions options = WriteOptions.by(Controllers.FIELD_MANAGER);
        String token = api.create(account.withSubresource("token"), request, options)
                .path("status")
                .path("token")
                .stringValue("");
        ObjectNode patch = Merge.guarded(secret.metadata().uid(), secret.resourceVersion());
        patch.withObjectProperty("metadata").putObject("annotations").put(TokenSecret.UID, uid);
        patch.putObject("data")
                .put("token", encoded(token))
                .put("ca.crt", encoded(certificate))
                .put("namespace", encoded(secret.metadata().key().namespace()));
        api.patch(secret.metadata().key().in(secrets.resource()), new Patch.Merge(patch), options);
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void delete(TokenSecret secret) {
        try {
            api.delete(
                    secret.metadata().key().in(secrets.resource()),
                    DeleteOptions.now().withUid(secret.metadata().uid()));
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }
}
