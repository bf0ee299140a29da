package io.jollyboat.server.http;

import io.jollyboat.api.Names;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resource.Subresource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.server.User;
import io.jollyboat.server.http.wire.Peer;
import io.jollyboat.server.http.wire.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Finds the user of a request: by certificate or token, then as whom that user wants to be taken. */
final class Identities {
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String AUTHENTICATION = "authentication.k8s.io";
    private static final Set<String> IMPERSONATE = Set.of("impersonate");
    private static final String EXTRA = "impersonate-extra-";

    private static final String UNAUTHENTICATED = "system:unauthenticated";
    private static final String[] NOBODY = {};

    static final User ANONYMOUS = new User("system:anonymous", "", Set.of(UNAUTHENTICATED), Map.of());

    private final Authenticator authenticator;
    private final Backend backend;

    Identities(Authenticator authenticator, Backend backend) {
        this.authenticator = authenticator;
        this.backend = backend;
    }

    /**
     * A user.
     *
     * @param real whose credentials were shown
     * @param taken as whom that user wants to be taken; mostly the same
     */
    record Who(User real, User taken) {}

    /** Whoever showed something is known or refused; who showed nothing is empty. */
    Optional<Who> find(Request request) {
        Peer peer = request.peer();
        String authorization = request.header("authorization");
        Optional<User> user =
                authenticator.authenticate(peer.trusted() ? peer.certificates() : List.of(), authorization);
        if (user.isEmpty() && (!peer.certificates().isEmpty() || !authorization.isEmpty())) {
            throw Statuses.unauthorized();
        }
        if (user.isPresent()) {
            return Optional.of(new Who(user.get(), impersonated(request, user.get())));
        }
        User taken = impersonated(request, ANONYMOUS);
        return taken.equals(ANONYMOUS) ? Optional.empty() : Optional.of(new Who(ANONYMOUS, taken));
    }

    /** @throws StatusException Forbidden when the user may not be taken for that other one */
    private User impersonated(Request request, User real) {
        String name = request.header("impersonate-user");
        List<String> groups = request.headers("impersonate-group");
        String uid = request.header("impersonate-uid");
        Map<String, List<String>> extra = extra(request);
        if (name.isEmpty()) {
            if (!groups.isEmpty() || !uid.isEmpty() || !extra.isEmpty()) {
                throw StatusException.badRequest(
                        "requested [%s] without impersonating a user".formatted(told(groups, extra, uid)));
            }
            return real;
        }
        demand(real, name);
        groups.forEach(group -> demand(real, "", "groups", "", "", group));
        if (!uid.isEmpty()) {
            demand(real, AUTHENTICATION, "uids", "", "", uid);
        }
        extra.forEach(
                (key, values) -> values.forEach(value -> demand(real, AUTHENTICATION, "userextras", key, "", value)));
        return new User(name, uid, allGroups(name, groups), extra);
    }

    /** What somebody wanted to be beside a user, as Kubernetes prints it. */
    private static String told(List<String> groups, Map<String, List<String>> extra, String uid) {
        List<String> told = new ArrayList<>();
        groups.forEach(group -> told.add("{Group  " + group + "    }"));
        extra.forEach((key, values) -> values.forEach(
                value -> told.add("{UserExtra  " + value + "  " + AUTHENTICATION + "/v1  " + key + "}")));
        if (!uid.isEmpty()) {
            told.add("{UID  " + uid + "  " + AUTHENTICATION + "/v1  }");
        }
        return String.join(" ", told);
    }

    private void demand(User real, String name) {
        String[] account = account(name);
        if (account.length == 2) {
            demand(real, "", "serviceaccounts", "", account[0], account[1]);
        } else {
            demand(real, "", "users", "", "", name);
        }
    }

    /** Namespace and name of the service account that a user name means; nothing for every other user. */
    private static String[] account(String name) {
        String[] parts =
                name.startsWith(ACCOUNT) ? name.substring(ACCOUNT.length()).split(":", -1) : NOBODY;
        return parts.length == 2 && Names.isDnsLabel(parts[0]) && Names.isDnsSubdomain(parts[1]) ? parts : NOBODY;
    }

    private void demand(User real, String group, String resource, String sub, String namespace, String name) {
        List<Subresource> subresources =
                sub.isEmpty() ? List.of() : List.of(new Subresource(sub, group, "v1", resource, IMPERSONATE));
        Resource imagined = new Resource(
                group, "v1", resource, resource, resource, List.of(), true, IMPERSONATE, subresources, List.of());
        backend.authorize(real, "impersonate", new Target(imagined, namespace, name, sub));
    }

    /** Who is not anonymous is authenticated, unless the groups say otherwise. */
    private static Set<String> allGroups(String name, List<String> groups) {
        Set<String> all = new LinkedHashSet<>(groups);
        String[] account = account(name);
        if (account.length == 2 && groups.isEmpty()) {
            all.add("system:serviceaccounts");
            all.add("system:serviceaccounts:" + account[0]);
        }
        if (name.equals(ANONYMOUS.name())) {
            all.add(UNAUTHENTICATED);
        } else if (!all.contains(UNAUTHENTICATED)) {
            all.add("system:authenticated");
        }
        return all;
    }

    private static Map<String, List<String>> extra(Request request) {
        Map<String, List<String>> extra = new TreeMap<>();
        for (String header : request.headerNames(EXTRA)) {
            extra.put(unescaped(header.substring(EXTRA.length())), request.headers(header));
        }
        return extra;
    }

    /** Not readable, it stands for itself, as in Kubernetes. */
    private static String unescaped(String name) {
        try {
            return Request.decoded(name);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }
}
