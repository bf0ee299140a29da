package io.jollyboat.server.validation;

import io.jollyboat.api.NameRules;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must be true of flow schemas and priority levels.
 *
 * <p>Source: the validation of flowcontrol.apiserver.k8s.io.
 */
final class FlowChecks {
    private static final long LAST_PRECEDENCE = 10_000;
    private static final long QUEUES_LIMIT = 10_000_000;
    /** Whoever is dealt a hand of queues is dealt it from a number of so many bits. */
    private static final int HASH_BITS = 60;

    private static final String EXEMPT = "Exempt";
    private static final List<String> METHODS = List.of("ByNamespace", "ByUser");
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch");
    private static final List<String> SUBJECTS = List.of("Group", "ServiceAccount", "User");
    private static final String POSITIVE = "must be positive";
    private static final String NOT_NEGATIVE = "must be a non-negative integer";
    private static final String A_PART = "must be between 0 and 100, inclusive";

    private FlowChecks() {}

    static void schema(Place schema) {
        Place spec = schema.at("spec");
        Place precedence = spec.at("matchingPrecedence").orZero();
        if (precedence.number() <= 0) {
            precedence.invalid("must be a positive value");
        } else if (precedence.number() > LAST_PRECEDENCE) {
            precedence.invalid("must not be greater than " + LAST_PRECEDENCE);
        } else if (precedence.number() == 1
                && !schema.in("metadata", "name").text().equals("exempt")) {
            precedence.invalid("only the schema named 'exempt' may have matchingPrecedence 1");
        }
        Place method = spec.at("distinguisherMethod");
        if (method.isThere() && !METHODS.contains(method.text("type"))) {
            method.shownAs("DistinguisherMethod")
                    .toldAs(method.path() + ".type")
                    .notSupported(METHODS);
        }
        Place level = spec.in("priorityLevelConfiguration", "name");
        if (level.isSet()) {
            Values.dnsSubdomain(level);
        } else {
            level.required("must reference a priority level");
        }
        spec.each("rules").forEach(FlowChecks::rule);
    }

    private static void rule(Place rule) {
        if (!rule.at("subjects").isSet()) {
            rule.at("subjects").required("subjects must contain at least one value");
        }
        rule.each("subjects").forEach(FlowChecks::subject);
        if (!rule.at("resourceRules").isSet() && !rule.at("nonResourceRules").isSet()) {
            rule.required("at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        rule.each("resourceRules").forEach(FlowChecks::resources);
        for (Place paths : rule.each("nonResourceRules")) {
            verbs(paths.at("verbs"));
            Place urls = paths.at("nonResourceURLs");
            if (!urls.isSet()) {
                urls.required("nonResourceURLs must contain at least one value");
            } else if (!alone(urls, "non-resource URLs")) {
                urls.elements().forEach(FlowChecks::url);
            }
        }
    }

    private static void subject(Place subject) {
        String kind = subject.text("kind");
        if (!SUBJECTS.contains(kind)) {
            subject.at("kind").quoting(kind).notSupported(SUBJECTS);
            return;
        }
        for (String other : List.of("ServiceAccount", "User", "Group")) {
            String field = other.substring(0, 1).toLowerCase(Locale.ROOT) + other.substring(1);
            Place who = subject.at(field);
            if (!other.equals(kind) && who.isThere()) {
                who.forbidden("%s is forbidden when subject kind is not '%s'".formatted(field, other));
            } else if (other.equals(kind) && !who.isThere()) {
                who.required("%s is required when subject kind is '%s'".formatted(field, other));
            } else if (other.equals(kind)) {
                who.at("name").mustBeSet();
                if (kind.equals("ServiceAccount")) {
                    account(who);
                }
            }
        }
    }

    private static void account(Place account) {
        if (!account.text("name").equals("*")) {
            Values.dnsSubdomain(account.at("name"));
        }
        Place namespace = account.at("namespace");
        if (namespace.isSet()) {
            Values.dnsLabel(namespace);
        } else {
            namespace.required("must specify namespace for service account");
        }
    }

    private static void resources(Place rule) {
        verbs(rule.at("verbs"));
        some(rule.at("apiGroups"), "resource rules must supply at least one api group", "api groups");
        some(rule.at("resources"), "resource rules must supply at least one resource", "resources");
        Place namespaces = rule.at("namespaces");
        if (!namespaces.isSet() && !rule.isTrue("clusterScope")) {
            namespaces.required("resource rules that are not cluster scoped must supply at least one namespace");
        } else if (!alone(namespaces, "namespaces")) {
            for (Place namespace : namespaces.elements()) {
                NameRules.dnsLabel(namespace.text())
                        .forEach(wrong -> namespace.invalid(
                                "each member of this list must be '*' or a DNS-1123 label; " + wrong));
            }
        }
    }

    private static void some(Place list, String missing, String what) {
        if (list.isSet()) {
            alone(list, what);
        } else {
            list.required(missing);
        }
    }

    private static void verbs(Place verbs) {
        if (!verbs.isSet()) {
            verbs.required("verbs must contain at least one value");
        } else if (!alone(verbs, "verbs") && !verbs.elements().stream().allMatch(verb -> VERBS.contains(verb.text()))) {
            verbs.notSupported(VERBS);
        }
    }

    /** Whether a list has the word for all, which must be the only one. */
    private static boolean alone(Place list, String what) {
        boolean all = list.elements().stream().anyMatch(each -> each.text().equals("*"));
        if (all && list.node().size() > 1) {
            list.invalid("if '*' is present, must not specify other " + what);
        }
        return all;
    }

    private static void url(Place url) {
        String text = url.text();
        int star = text.indexOf('*');
        if (text.isEmpty()) {
            url.invalid("must not be empty");
        } else if (!text.startsWith("/")) {
            url.invalid("must start with slash");
        } else if (text.contains(" ")) {
            url.invalid("must not contain white-space");
        } else if (text.contains("//")) {
            url.invalid("must not contain double slash");
        } else if (star >= 0 && (star < text.length() - 1 || !text.endsWith("/*"))) {
            url.invalid("wildcard can only do suffix matching");
        }
    }

    static void level(Place level) {
        Place spec = level.at("spec");
        Place type = spec.at("type");
        Place exempt = spec.at("exempt");
        Place limited = spec.at("limited");
        if (level.in("metadata", "name").text().equals("exempt") != type.text().equals(EXEMPT)) {
            type.quoting(type.text()).invalid("must be 'Exempt' if and only if `name` is 'exempt'");
        }
        switch (type.text()) {
            case EXEMPT -> {
                if (limited.isThere()) {
                    limited.forbidden("must be nil if the type is not Limited");
                }
                shares(exempt);
            }
            case "Limited" -> {
                if (exempt.isThere()) {
                    exempt.forbidden("must be nil if the type is Limited");
                }
                if (limited.isThere()) {
                    limited(limited);
                } else {
                    limited.required("must not be empty when type is Limited");
                }
            }
            default -> type.quoting(type.text()).notSupported(List.of(EXEMPT, "Limited"));
        }
    }

    private static void shares(Place level) {
        if (level.at("nominalConcurrencyShares").number() < 0) {
            level.at("nominalConcurrencyShares").invalid(NOT_NEGATIVE);
        }
        Place lent = level.at("lendablePercent");
        if (lent.number() < 0 || lent.number() > 100) {
            lent.invalid(A_PART);
        }
    }

    private static void limited(Place limited) {
        shares(limited);
        Place response = limited.at("limitResponse");
        Place queuing = response.at("queuing");
        switch (response.text("type")) {
            case "Reject" -> {
                if (queuing.isThere()) {
                    queuing.forbidden("must be nil if limited.limitResponse.type is not Limited");
                }
            }
            case "Queue" -> {
                if (queuing.isThere()) {
                    queuing(queuing);
                } else {
                    queuing.required("must not be empty if limited.limitResponse.type is Limited");
                }
            }
            default -> response.at("type").quoting(response.text("type")).notSupported(List.of("Queue", "Reject"));
        }
        if (limited.at("borrowingLimitPercent").number() < 0) {
            limited.at("borrowingLimitPercent").invalid("if specified, must be a non-negative integer");
        }
    }

    private static void queuing(Place queuing) {
        Place length = queuing.at("queueLengthLimit").orZero();
        Place queues = queuing.at("queues").orZero();
        Place hand = queuing.at("handSize").orZero();
        if (length.number() <= 0) {
            length.invalid(POSITIVE);
        }
        if (queues.number() <= 0) {
            queues.invalid(POSITIVE);
        } else if (queues.number() > QUEUES_LIMIT) {
            queues.invalid("must not be greater than " + QUEUES_LIMIT);
        }
        if (hand.number() <= 0) {
            hand.invalid(POSITIVE);
        } else if (hand.number() > queues.number()) {
            hand.invalid("should not be greater than queues (%d)".formatted(queues.number()));
        } else if (bits(queues.number(), hand.number()) > HASH_BITS) {
            hand.invalid("required entropy bits of deckSize %d and handSize %d should not be greater than %d"
                    .formatted(queues.number(), hand.number(), HASH_BITS));
        }
    }

    /** How many bits it takes to deal a hand; more than enough ends the count. */
    private static double bits(long queues, long hand) {
        double bits = 0;
        for (long i = 0; i < hand && bits <= HASH_BITS; i++) {
            bits += Math.log(queues - i) / Math.log(2);
        }
        return Math.ceil(bits);
    }

    /** Conditions of both kinds: each type once, and none without a type. @param missing what is said of that */
    static void conditions(Place object, String missing) {
        Set<String> seen = new TreeSet<>();
        for (Place condition : object.at("status").each("conditions")) {
            Place type = condition.at("type");
            if (!seen.add(type.text())) {
                type.duplicate();
            }
            if (!type.isSet()) {
                type.required(missing);
            }
        }
    }
}
