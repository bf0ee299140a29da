package io.jollyboat.server;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** What is posted to an object rather than created: the actions among the subresources. */
final class Subresources {
    private final Map<String, Action> actions;

    Subresources(Storage storage, Binding binding, Eviction eviction, Questions questions, TokenIssuer tokens) {
        actions = Map.of(
                "binding", binding::bind, "eviction", eviction::evict, "token", (user, target, body, options) -> {
                    ObjectNode request = questions.tokenRequest(target, body, options);
                    Target account = target.withSubresource("");
                    ObjectNode object = storage.get(account)
                            .orElseThrow(() -> StatusException.notFound(account))
                            .object();
                    return tokens.issue(user, object, request);
                });
    }

    /** Does what a posted body asks for. */
    @FunctionalInterface
    interface Action {
        ObjectNode act(User user, Target target, ObjectNode body, WriteOptions options);
    }

    /** @throws StatusException 405 for a subresource that takes nothing; else as the action says */
    ObjectNode act(User user, Target target, ObjectNode body, WriteOptions options) {
        Action action = actions.get(target.subresource());
        if (action == null) {
            throw StatusException.of(
                    Reason.METHOD_NOT_ALLOWED, "the server does not allow this method on the requested resource");
        }
        return action.act(user, target, body, options);
    }
}
