package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resource.Subresource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.server.User;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a request under {@code /api} or {@code /apis} asks leave for, in the words in which rules are written: read from its
 * method and path alone, whether there is such a kind or not.
 *
 * @param verb "" for a method that stands for none
 * @param fieldSelector of a list, watch or deletion of many
 */
record Asking(String verb, Target target, String fieldSelector) {
    private static final Set<String> OF_MANY = Set.of("list", "watch", "deletecollection");
    private static final Set<String> SPECIAL = Set.of("proxy", "watch");

    /** @param path what the request names, empty when there is no such thing */
    static Asking of(Request request, Optional<ResourcePath> path) {
        Target target = path.map(ResourcePath::target).orElseGet(() -> imagined(request.segments()));
        String verb = path.map(ResourcePath::watch).orElse(false)
                ? "watch"
                : special(request.segments()).orElseGet(() -> verb(request, target));
        return new Asking(
                verb,
                path.isPresent() && !verb.isEmpty() ? target : withVerb(target, verb),
                OF_MANY.contains(verb) ? request.query().first("fieldSelector") : "");
    }

    /** @throws io.jollyboat.api.StatusException Forbidden; MethodNotAllowed for a verb that the kind does not have */
    void demand(Backend backend, User user) {
        if (OF_MANY.contains(verb) && target.name().isEmpty()) {
            backend.authorize(user, verb, target.resource(), target.namespace(), fieldSelector);
        } else {
            backend.authorize(user, verb, target);
        }
    }

    /** Browsers shall not guess what an answer is that somebody gets who is not let in. */
    static void atTheDoor(Response response, Runnable question) {
        try {
            question.run();
        } catch (StatusException e) {
            if (e.is(Reason.FORBIDDEN)) {
                response.header("x-content-type-options", "nosniff");
            }
            throw e;
        }
    }

    private static String verb(Request request, Target target) {
        boolean many = target.name().isEmpty();
        return switch (request.method()) {
            case "GET", "HEAD" -> many ? request.query().flag("watch") ? "watch" : "list" : "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> many ? "deletecollection" : "delete";
            default -> "";
        };
    }

    /** Old paths have a verb before the kind. */
    private static Optional<String> special(List<String> segments) {
        int at = segments.getFirst().equals("api") ? 2 : 3;
        return segments.size() > at + 1 && SPECIAL.contains(segments.get(at))
                ? Optional.of(segments.get(at))
                : Optional.empty();
    }

    /** What a path would name if there were such a kind. */
    private static Target imagined(List<String> segments) {
        int at = segments.getFirst().equals("api") ? 2 : 3;
        String group = at == 2 ? "" : segments.get(1);
        List<String> parts = segments.subList(at + (special(segments).isPresent() ? 1 : 0), segments.size());
        String namespace = "";
        if (parts.size() > 2 && parts.getFirst().equals("namespaces")) {
            namespace = parts.get(1);
            parts = parts.subList(2, parts.size());
        }
        Resource resource = resource(group, segments.get(at - 1), parts.getFirst(), List.of(), Set.of());
        return new Target(
                resource, namespace, parts.size() > 1 ? parts.get(1) : "", parts.size() > 2 ? parts.get(2) : "");
    }

    /** Whoever may do that to a kind that is not there shall hear that it is not there. */
    private static Target withVerb(Target target, String verb) {
        Resource nothing = target.resource();
        Subresource subresource =
                new Subresource(target.subresource(), nothing.group(), nothing.version(), "", Set.of(verb));
        Resource resource =
                resource(nothing.group(), nothing.version(), nothing.plural(), List.of(subresource), Set.of(verb));
        return new Target(resource, target.namespace(), target.name(), target.subresource());
    }

    private static Resource resource(
            String group, String version, String plural, List<Subresource> subresources, Set<String> verbs) {
        return new Resource(group, version, plural, plural, plural, List.of(), true, verbs, subresources, List.of());
    }
}
