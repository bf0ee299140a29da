package io.jollyboat.server.access;

import io.jollyboat.api.Api;
import io.jollyboat.api.Meta;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The roles and bindings that every cluster has from the start: {@code roles.json}. */
public final class Roles {
    private Roles() {}

    /** Creates those that are not there; what somebody has changed stays. */
    public static void create(Api api) {
        try (InputStream in = Roles.class.getResourceAsStream("roles.json")) {
            for (JsonNode node : new JsonMapper().readTree(in)) {
                createUnlessThere(api, (ObjectNode) node);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createUnlessThere(Api api, ObjectNode object) {
        try {
            Resource resource = Resources.kind(Meta.apiVersion(object), Meta.kind(object));
            api.create(resource, "", object, WriteOptions.by("kube-apiserver"));
        } catch (StatusException e) {
            if (!e.is(Reason.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }
}
