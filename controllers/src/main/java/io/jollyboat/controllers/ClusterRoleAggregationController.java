package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.WriteOptions.FieldValidation;
import io.jollyboat.client.Controller;
import io.jollyboat.client.Key;
import io.jollyboat.client.Loop;
import io.jollyboat.client.Mirror;
import io.jollyboat.client.Snapshot;
import io.jollyboat.world.World;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes into each ClusterRole with an {@code aggregationRule} the rules that it gathers, so that users see them. Which
 * roles a change touches is not worked out: every gathering role is looked at, they are few.
 */
final class ClusterRoleAggregationController implements Controller {
    private static final String NAME = "clusterrole-aggregation-controller";
    /** What it says is the role's only list of rules, whoever wrote another. */
    private static final WriteOptions OURS = new WriteOptions(NAME, FieldValidation.IGNORE, false, true, warning -> {});

    private final Api api;
    private final Mirror<ClusterRole> roles;
    private final Loop<Key> loop;

    ClusterRoleAggregationController(Api api, World world, Mirror<ClusterRole> roles) {
        this.api = api;
        this.roles = roles;
        this.loop = new Loop<>(world, NAME, this::handle);
        roles.onChange(change -> roles.snapshot().forEach((key, role) -> {
            if (role.gathers().isPresent()) {
                loop.add(key);
            }
        }));
    }

    @Override
    public List<Mirror<?>> reads() {
        return List.of(roles);
    }

    @Override
    public List<Loop<?>> loops() {
        return List.of(loop);
    }

    private void handle(Key key) {
        Snapshot<ClusterRole> seen = roles.snapshot();
        seen.get(key)
                .filter(role -> !role.metadata().deleting())
                .ifPresent(role -> RoleAggregation.wanted(role, seen.all()).ifPresent(rules -> write(role, rules)));
    }

    private void write(ClusterRole role, List<JsonNode> rules) {
        ObjectNode intent = Merge.object()
                .put("apiVersion", roles.resource().apiVersion())
                .put("kind", roles.resource().kind());
        intent.putObject("metadata")
                .put("name", role.metadata().key().name())
                .put("uid", role.metadata().uid());
        intent.putArray("rules").addAll(rules);
        try {
            api.patch(role.metadata().key().in(roles.resource()), new Patch.Apply(intent), OURS);
        } catch (StatusException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e; // gone or another one: its own change is looked at
            }
        }
    }
}
