package io.jollyboat.server.access;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.server.Authorizer;
import io.jollyboat.server.Authorizer.Decision;
import io.jollyboat.server.User;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the questions of authentication.k8s.io and authorization.k8s.io: who am I, and may I? */
public final class Reviews {
    private final Rbac rbac;
    private final Authorizer authorizer;
    private final Tokens tokens;

    /** @param authorizer decides; {@code rbac} alone can tell all that somebody may do */
    public Reviews(Rbac rbac, Authorizer authorizer, Tokens tokens) {
        this.rbac = rbac;
        this.authorizer = authorizer;
        this.tokens = tokens;
    }

    /** SelfSubjectAccessReview. */
    public ObjectNode selfAccess(User user, String namespace, ObjectNode question) {
        checkOne("SelfSubjectAccessReview", question, new ArrayList<>());
        return access(user, question);
    }

    /** SubjectAccessReview. */
    public ObjectNode subjectAccess(User user, String namespace, ObjectNode question) {
        return ofSubject("SubjectAccessReview", question);
    }

    /** LocalSubjectAccessReview: it may ask about its own namespace alone. */
    public ObjectNode localSubjectAccess(User user, String namespace, ObjectNode question) {
        String asked = question.path("spec")
                .path("resourceAttributes")
                .path("namespace")
                .asString("");
        if (!asked.equals(namespace)) {
            throw StatusException.badRequest("spec.resourceAttributes.namespace must match namespace: " + namespace);
        }
        return ofSubject("LocalSubjectAccessReview", question);
    }

    private ObjectNode ofSubject(String kind, ObjectNode question) {
        JsonNode spec = question.path("spec");
        Set<String> groups = new LinkedHashSet<>();
        spec.path("groups").forEach(group -> groups.add(group.asString("")));
        String name = spec.path("user").asString("");
        List<Cause> causes = new ArrayList<>();
        if (name.isEmpty() && groups.isEmpty()) {
            causes.add(wrong("spec.user", "\"\"", "at least one of user or group must be specified"));
        }
        checkOne(kind, question, causes);
        return access(new User(name, spec.path("uid").asString(""), groups, Map.of()), question);
    }

    /** A question is about a resource or about a path, never both. */
    private static void checkOne(String kind, ObjectNode question, List<Cause> causes) {
        JsonNode resource = question.path("spec").path("resourceAttributes");
        JsonNode path = question.path("spec").path("nonResourceAttributes");
        if (resource.isObject() && path.isObject()) {
            causes.add(wrong(
                    "spec.nonResourceAttributes",
                    path.toString(),
                    "cannot be specified in combination with resourceAttributes"));
        }
        if (!resource.isObject() && !path.isObject()) {
            causes.add(wrong(
                    "spec.resourceAttributes",
                    "null",
                    "exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        }
        if (!causes.isEmpty()) {
            throw StatusException.invalid(Resources.kind("authorization.k8s.io/v1", kind), "", causes);
        }
    }

    private static Cause wrong(String field, String value, String rule) {
        return new Cause("FieldValueInvalid", "Invalid value: " + value + ": " + rule, field);
    }

    private ObjectNode access(User subject, ObjectNode question) {
        JsonNode attributes = question.path("spec").path("resourceAttributes");
        JsonNode path = question.path("spec").path("nonResourceAttributes");
        Decision decision = attributes.isObject()
                ? authorizer.decide(
                        subject,
                        attributes.path("verb").asString(""),
                        resource(attributes),
                        attributes.path("namespace").asString(""),
                        attributes.path("name").asString(""),
                        attributes.path("subresource").asString(""))
                : authorizer.decidePath(
                        subject,
                        path.path("verb").asString(""),
                        path.path("path").asString(""));
        ObjectNode answer = question.deepCopy();
        ObjectNode status = answer.putObject("status").put("allowed", decision.allowed());
        if (!decision.reason().isEmpty()) {
            status.put("reason", decision.reason());
        }
        return answer;
    }

    /** Also of a kind that this server does not know: rules may speak of it all the same. */
    private static Resource resource(JsonNode attributes) {
        String group = attributes.path("group").asString("");
        String plural = attributes.path("resource").asString("");
        Optional<Resource> known = Resources.builtIn().all().stream()
                .filter(r -> r.group().equals(group) && r.plural().equals(plural))
                .findFirst();
        return known.orElseGet(() -> new Resource(
                group,
                attributes.path("version").asString("v1"),
                plural,
                plural,
                plural,
                List.of(),
                true,
                Set.of(),
                List.of(),
                List.of()));
    }

    /** SelfSubjectRulesReview. */
    public ObjectNode selfRules(User user, String namespace, ObjectNode question) {
        String asked = question.path("spec").path("namespace").asString("");
        if (asked.isEmpty()) {
            throw StatusException.badRequest("no namespace on request");
        }
        ObjectNode answer = question.deepCopy();
        ObjectNode status = answer.putObject("status");
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        if (user.groups().contains(User.MASTERS)) {
            ObjectNode all = resources.addObject();
            all.putArray("verbs").add("*");
            all.putArray("apiGroups").add("*");
            all.putArray("resources").add("*");
            ObjectNode everywhere = paths.addObject();
            everywhere.putArray("verbs").add("*");
            everywhere.putArray("nonResourceURLs").add("*");
        }
        for (JsonNode rule : rbac.rules(user, asked)) {
            if (rule.has("nonResourceURLs")) {
                addUnlessThere(paths, part(rule, "verbs", "nonResourceURLs"));
            } else {
                addUnlessThere(resources, part(rule, "verbs", "apiGroups", "resources", "resourceNames"));
            }
        }
        boolean node = NodeAuthorizer.node(user).isPresent();
        status.put("incomplete", node);
        if (node) {
            status.put("evaluationError", "node authorizer does not support user rule resolution");
        }
        return answer;
    }

    private static void addUnlessThere(ArrayNode rules, ObjectNode rule) {
        if (rules.valueStream().noneMatch(rule::equals)) {
            rules.add(rule);
        }
    }

    private static ObjectNode part(JsonNode rule, String... fields) {
        ObjectNode copy = ((ObjectNode) rule).objectNode();
        for (String field : fields) {
            if (rule.has(field)) {
                copy.set(field, rule.get(field).deepCopy());
            }
        }
        return copy;
    }

    /** SelfSubjectReview. */
    public ObjectNode self(User user, String namespace, ObjectNode question) {
        ObjectNode answer = question.deepCopy();
        answer.putObject("status").set("userInfo", describe(user, answer));
        return answer;
    }

    /** TokenReview. */
    public ObjectNode token(User user, String namespace, ObjectNode question) {
        JsonNode spec = question.path("spec");
        String token = spec.path("token").asString("");
        if (token.isEmpty()) {
            throw StatusException.badRequest("token is required for TokenReview in authentication");
        }
        List<String> audiences = new ArrayList<>();
        spec.path("audiences").forEach(audience -> audiences.add(audience.asString("")));
        List<String> asked = audiences.isEmpty() ? List.of(Tokens.ISSUER) : audiences;
        ObjectNode answer = question.deepCopy();
        ObjectNode status = answer.putObject("status");
        try {
            Tokens.Verified verified = tokens.verify(token, asked);
            status.put("authenticated", true).set("user", describe(verified.owner(), answer));
            ArrayNode meant = status.putArray("audiences");
            verified.audiences().forEach(meant::add);
        } catch (TokenException e) {
            status.putObject("user");
            status.put("error", e.told());
        }
        return answer;
    }

    private static ObjectNode describe(User user, ObjectNode factory) {
        ObjectNode json = factory.objectNode().put("username", user.name());
        if (!user.uid().isEmpty()) {
            json.put("uid", user.uid());
        }
        ArrayNode groups = json.putArray("groups");
        user.groups().forEach(groups::add);
        if (!user.extra().isEmpty()) {
            ObjectNode extra = json.putObject("extra");
            new TreeMap<>(user.extra()).forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        }
        return json;
    }
}
