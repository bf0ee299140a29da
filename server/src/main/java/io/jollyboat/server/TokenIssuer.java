package io.jollyboat.server;

import tools.jackson.databind.node.ObjectNode;

/** Makes tokens for service accounts: answers TokenRequests. */
@FunctionalInterface
public interface TokenIssuer {
    /**
     * @param account the ServiceAccount
     * @param request an authentication.k8s.io/v1 TokenRequest of that account's name, with its managedFields; the callee's own
     * @return the request with its status: token and expirationTimestamp
     * @throws io.jollyboat.api.StatusException 422 for a request that cannot be met
     */
    ObjectNode issue(User user, ObjectNode account, ObjectNode request);
}
