package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Gives every Namespace its account {@code default}. */
final class ServiceAccountController implements Controller {
    private static final String NAME = "default";

    private final Api api;
    private final Mirror<Namespace> namespaces;
    private final Mirror<Metadata> accounts;
    private final Loop<Key> loop;

    ServiceAccountController(Api api, World world, Mirror<Namespace> namespaces, Mirror<Metadata> accounts) {
        this.api = api;
        this.namespaces = namespaces;
        this.accounts = accounts;
        this.loop = new Loop<>(world, "serviceaccount-controller", this::handle);
        namespaces.onChange(change -> loop.add(change.key()));
        accounts.onChange(change -> {
            if (change.key().name().equals(NAME)) {
                loop.add(Key.clusterScoped(change.key().namespace()));
            }
        });
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(namespaces, accounts);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void handle(Key namespace) {
        boolean active = namespaces
                .snapshot()
                .get(namespace)
                .filter(found -> !found.metadata().deleting())
                .isPresent();
        if (!active || accounts.snapshot().get(new Key(namespace.name(), NAME)).isPresent()) {
            return;
        }
        ObjectNode account = Merge.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
        account.putObject("metadata").put("name", NAME).put("namespace", namespace.name());
        try {
            api.create(accounts.resource(), namespace.name(), account, WriteOptions.by(Controllers.FIELD_MANAGER));
        } catch (StatusException e) {
            if (!e.is(Reason.ALREADY_EXISTS) && !e.is(Reason.NOT_FOUND) && !Controllers.namespaceTerminates(e)) {
                throw e;
            }
        }
    }
}
