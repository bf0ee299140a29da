package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Mirror;
import io.jollyboat.world.World;
import tools.jackson.databind.node.ObjectNode;

/** Gives every Namespace its account {@code default}. */
final class ServiceAccountController {
    private static final String NAME = "default";

    private ServiceAccountController() {}

    static Controller controller(Api api, World world, Mirror<Namespace> namespaces, Mirror<Metadata> accounts) {
        return new EveryNamespace<>(
                world, "serviceaccount-controller", namespaces, accounts, NAME, (account, present) -> {
                    if (present.isEmpty()) {
                        create(api, accounts, account);
                    }
                });
    }

    private static void create(Api api, Mirror<Metadata> accounts, Key key) {
        ObjectNode account = Merge.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
        account.putObject("metadata").put("name", key.name()).put("namespace", key.namespace());
        api.create(accounts.resource(), key.namespace(), account, WriteOptions.by(Controllers.FIELD_MANAGER));
    }
}
