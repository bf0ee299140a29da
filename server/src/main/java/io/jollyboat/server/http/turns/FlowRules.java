package io.jollyboat.server.http.turns;

import io.jollyboat.api.Meta;
import io.jollyboat.server.User;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A FlowSchema, made ready for matching.
 *
 * <p>Source: the API reference of FlowSchema in {@code flowcontrol.apiserver.k8s.io/v1}.
 *
 * @param level the name of the level that it leads to
 */
record FlowRules(String name, String uid, String level, int precedence, By by, List<Rule> rules) {
    private static final String ANY = "*";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final int USUAL_PRECEDENCE = 1000;

    /** What tells the flows of one schema apart. */
    enum By {
        USER,
        NAMESPACE,
        NOTHING
    }

    /** Whom it concerns, and with which requests. */
    record Rule(List<Subject> subjects, List<ResourceRule> resources, List<PathRule> paths) {
        boolean matches(Asked asked) {
            return subjects.stream().anyMatch(subject -> subject.isMeant(asked.user()))
                    && (asked.isResource()
                            ? resources.stream().anyMatch(rule -> rule.matches(asked))
                            : paths.stream().anyMatch(rule -> rule.matches(asked)));
        }
    }

    /** {@code kind} is User, Group or ServiceAccount; {@code namespace} is of the last alone. */
    record Subject(String kind, String name, String namespace) {
        boolean isMeant(User user) {
            return switch (kind) {
                case "User" -> name.equals(ANY) || user.name().equals(name);
                case "Group" -> name.equals(ANY) || user.groups().contains(name);
                case "ServiceAccount" ->
                    name.equals(ANY)
                            ? user.name().startsWith(ACCOUNT + namespace + ":")
                            : user.name().equals(ACCOUNT + namespace + ":" + name);
                default -> false;
            };
        }
    }

    /** {@code clusterScope} says whether requests are meant that name no namespace. */
    record ResourceRule(
            Set<String> verbs,
            Set<String> groups,
            Set<String> resources,
            Set<String> namespaces,
            boolean clusterScope) {
        boolean matches(Asked asked) {
            return has(verbs, asked.verb())
                    && has(resources, asked.resource())
                    && has(groups, asked.group())
                    && (asked.namespace().isEmpty() ? clusterScope : has(namespaces, asked.namespace()));
        }
    }

    /** {@code paths} mean what lies beneath them too. */
    record PathRule(Set<String> verbs, Set<String> paths) {
        boolean matches(Asked asked) {
            return has(verbs, asked.verb())
                    && (has(paths, asked.path()) || paths.stream().anyMatch(path -> beneath(path, asked.path())));
        }

        private static boolean beneath(String path, String asked) {
            String start = path.endsWith(ANY) ? path.substring(0, path.length() - 1) : path;
            return asked.startsWith(start.endsWith("/") ? start : start + "/");
        }
    }

    private static boolean has(Set<String> wanted, String word) {
        return wanted.contains(ANY) || wanted.contains(word);
    }

    /** Reads a FlowSchema. */
    static FlowRules of(JsonNode object) {
        JsonNode spec = object.path("spec");
        By by = switch (spec.path("distinguisherMethod").path("type").stringValue("")) {
            case "ByUser" -> By.USER;
            case "ByNamespace" -> By.NAMESPACE;
            default -> By.NOTHING;
        };
        return new FlowRules(
                Meta.name(object),
                Meta.uid(object),
                spec.path("priorityLevelConfiguration").path("name").stringValue(""),
                spec.path("matchingPrecedence").intValue(USUAL_PRECEDENCE),
                by,
                each(spec, "rules").map(FlowRules::rule).toList());
    }

    private static Rule rule(JsonNode rule) {
        return new Rule(
                each(rule, "subjects").map(FlowRules::subject).toList(),
                each(rule, "resourceRules").map(FlowRules::resourceRule).toList(),
                each(rule, "nonResourceRules")
                        .map(one -> new PathRule(words(one, "verbs"), words(one, "nonResourceURLs")))
                        .toList());
    }

    private static Subject subject(JsonNode subject) {
        String kind = subject.path("kind").stringValue("");
        JsonNode who = subject.path(
                switch (kind) {
                    case "User" -> "user";
                    case "Group" -> "group";
                    default -> "serviceAccount";
                });
        return new Subject(
                kind, who.path("name").stringValue(""), who.path("namespace").stringValue(""));
    }

    private static ResourceRule resourceRule(JsonNode rule) {
        return new ResourceRule(
                words(rule, "verbs"),
                words(rule, "apiGroups"),
                words(rule, "resources"),
                words(rule, "namespaces"),
                rule.path("clusterScope").booleanValue(false));
    }

    private static Set<String> words(JsonNode from, String field) {
        return each(from, field).map(word -> word.stringValue("")).collect(Collectors.toUnmodifiableSet());
    }

    private static Stream<JsonNode> each(JsonNode from, String field) {
        return from.path(field).valueStream();
    }

    boolean matches(Asked asked) {
        return rules.stream().anyMatch(rule -> rule.matches(asked));
    }

    /** What tells this request's flow from others of the same schema. */
    String flow(Asked asked) {
        return switch (by) {
            case USER -> asked.user().name();
            case NAMESPACE -> asked.namespace();
            case NOTHING -> "";
        };
    }
}
