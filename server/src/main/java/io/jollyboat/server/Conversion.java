package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.schema.Schema;
import io.jollyboat.api.schema.Type;
import tools.jackson.databind.node.ObjectNode;

/** Whether an object of one kind can be read where another is expected, in Kubernetes' words. */
public final class Conversion {
    private static final String SCHEME = "pkg/api/legacyscheme/scheme.go:30";

    private Conversion() {}

    /** Why an object cannot be read; where that is told depends on how it came. */
    public static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String detail;

        public Failure(String detail) {
            super(detail, null, false, false);
            this.detail = detail;
        }

        public String detail() {
            return detail;
        }
    }

    /** What an object says it is. */
    public record Said(String group, String version, String kind) {
        /** What it leaves out is as {@code expected}. */
        public static Said of(ObjectNode object, Resource expected) {
            String apiVersion = object.path("apiVersion").asString("");
            String kind = object.path("kind").asString("");
            int slash = apiVersion.indexOf('/');
            return new Said(
                    apiVersion.isEmpty() ? expected.group() : slash < 0 ? "" : apiVersion.substring(0, slash),
                    apiVersion.isEmpty() ? expected.version() : apiVersion.substring(slash + 1),
                    kind.isEmpty() ? expected.kind() : kind);
        }

        public String apiVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }

        public boolean is(Resource resource) {
            return kind.equals(resource.kind()) && apiVersion().equals(resource.apiVersion());
        }
    }

    /** @throws Failure for a kind that nobody knows */
    public static Type.Struct type(Schema schema, Said said) {
        return schema.type(said.group(), said.version(), said.kind())
                .orElseThrow(() -> new Failure("no kind \"%s\" is registered for version \"%s\" in scheme \"%s\""
                        .formatted(said.kind(), said.apiVersion(), SCHEME)));
    }

    /** @throws Failure for a kind that does not become the expected one; another version of it may */
    public static void check(Said said, Resource expected) {
        boolean event = said.kind().equals("Event");
        if (!said.kind().equals(expected.kind()) || !event && !said.group().equals(expected.group())) {
            throw new Failure("converting (%s.%s) to (%s.%s): unknown conversion"
                    .formatted(said.version(), said.kind(), inside(expected.group()), expected.kind()));
        }
    }

    /** @throws StatusException 400 for another version than the expected one */
    public static void checkVersion(Said said, Resource expected) {
        if (!said.apiVersion().equals(expected.apiVersion())) {
            throw StatusException.badRequest(
                    "the API version in the data (%s) does not match the expected API version (%s)"
                            .formatted(said.apiVersion(), expected.apiVersion()));
        }
    }

    /** The package of a group's types as the server keeps them: {@code core}, {@code rbac}. */
    private static String inside(String group) {
        int dot = group.indexOf('.');
        return group.isEmpty() ? "core" : dot < 0 ? group : group.substring(0, dot);
    }
}
