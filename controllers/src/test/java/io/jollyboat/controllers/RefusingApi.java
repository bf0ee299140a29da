package io.jollyboat.controllers;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.ObjectList;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.Watch;
import io.jollyboat.api.WatchOptions;
import io.jollyboat.api.WriteOptions;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/** An Api whose writes to some kinds are refused, as long as the test wants. */
final class RefusingApi implements Api {
    private final Api api;
    Predicate<Resource> refused = resource -> false;

    RefusingApi(Api api) {
        this.api = api;
    }

    private void check(Target target) {
        if (refused.test(target.resource())) {
            throw StatusException.forbidden(target, "exceeded quota: test");
        }
    }

    @Override
    public ObjectNode get(Target target) {
        return api.get(target);
    }

    @Override
    public ObjectList list(Resource resource, String namespace, ListOptions options) {
        return api.list(resource, namespace, options);
    }

    @Override
    public Watch watch(Resource resource, String namespace, WatchOptions options) {
        return api.watch(resource, namespace, options);
    }

    @Override
    public ObjectNode create(Resource resource, String namespace, ObjectNode object, WriteOptions options) {
        check(Target.of(resource, namespace, ""));
        return api.create(resource, namespace, object, options);
    }

    @Override
    public ObjectNode create(Target target, ObjectNode body, WriteOptions options) {
        check(target);
        return api.create(target, body, options);
    }

    @Override
    public ObjectNode update(Target target, ObjectNode object, WriteOptions options) {
        check(target);
        return api.update(target, object, options);
    }

    @Override
    public ObjectNode patch(Target target, Patch patch, WriteOptions options) {
        check(target);
        return api.patch(target, patch, options);
    }

    @Override
    public ObjectNode delete(Target target, DeleteOptions options) {
        check(target);
        return api.delete(target, options);
    }

    @Override
    public ObjectList deleteCollection(Resource resource, String namespace, ListOptions which, DeleteOptions options) {
        check(Target.of(resource, namespace, ""));
        return api.deleteCollection(resource, namespace, which, options);
    }
}
