package io.jollyboat.server.access;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.selectors.FieldSelector;
import io.jollyboat.server.Authorizer;
import io.jollyboat.server.Authorizer.Decision;
import io.jollyboat.server.User;
import io.jollyboat.server.validation.ReviewChecks;
import io.jollyboat.world.World;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
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
    private final World world;
    private final Rbac rbac;
    private final Authorizer authorizer;
    private final Tokens tokens;

    /** @param authorizer decides; {@code rbac} alone can tell all that somebody may do */
    public Reviews(World world, Rbac rbac, Authorizer authorizer, Tokens tokens) {
        this.world = world;
        this.rbac = rbac;
        this.authorizer = authorizer;
        this.tokens = tokens;
    }

    /** SelfSubjectAccessReview. */
    public ObjectNode selfAccess(User user, String namespace, ObjectNode question) {
        refuse(ReviewChecks.ofSelf(question));
        return access(user, question);
    }

    /** SubjectAccessReview. */
    public ObjectNode subjectAccess(User user, String namespace, ObjectNode question) {
        refuse(ReviewChecks.ofSubject(question));
        return access(subject(question.path("spec")), question);
    }

    /** LocalSubjectAccessReview: it may ask about its own namespace alone. */
    public ObjectNode localSubjectAccess(User user, String namespace, ObjectNode question) {
        refuse(ReviewChecks.ofLocalSubject(question));
        return access(subject(question.path("spec")), question);
    }

    /** Kubernetes does not name the kind here. */
    private static void refuse(List<Cause> causes) {
        if (!causes.isEmpty()) {
            throw StatusException.invalid(Resource.unserved("authorization.k8s.io", "v1", ""), "", causes);
        }
    }

    private static User subject(JsonNode spec) {
        Map<String, List<String>> extra = new HashMap<>();
        spec.path("extra").properties().forEach(each -> extra.put(each.getKey(), texts(each.getValue())));
        return new User(
                spec.path("user").asString(""),
                spec.path("uid").asString(""),
                new LinkedHashSet<>(texts(spec.path("groups"))),
                extra);
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(each -> each.asString("")).toList();
    }

    private ObjectNode access(User subject, ObjectNode question) {
        JsonNode attributes = question.path("spec").path("resourceAttributes");
        JsonNode path = question.path("spec").path("nonResourceAttributes");
        Reviewed reviewed = Reviewed.of(attributes);
        Decision decision = attributes.isObject()
                ? ofResource(subject, attributes, reviewed.fields())
                : authorizer.decidePath(
                        subject,
                        path.path("verb").asString(""),
                        path.path("path").asString(""));
        ObjectNode status = question.putObject("status").put("allowed", decision.allowed());
        putUnlessEmpty(status, "reason", decision.reason());
        putUnlessEmpty(status, "evaluationError", reviewed.trouble());
        return question;
    }

    private Decision ofResource(User subject, JsonNode attributes, FieldSelector fields) {
        String verb = attributes.path("verb").asString("");
        String namespace = attributes.path("namespace").asString("");
        String name = attributes.path("name").asString("");
        String subresource = attributes.path("subresource").asString("");
        return fields.isEverything() || !subresource.isEmpty()
                ? authorizer.decide(subject, verb, resource(attributes), namespace, name, subresource)
                : authorizer.decideMany(subject, verb, resource(attributes), namespace, name, fields);
    }

    private static void putUnlessEmpty(ObjectNode node, String field, String text) {
        if (!text.isEmpty()) {
            node.put(field, text);
        }
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
        ObjectNode answer = question.objectNode();
        answer.putObject("metadata");
        answer.putObject("spec");
        ObjectNode status = answer.putObject("status");
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        Rbac.Held held = rbac.held(user, asked);
        for (JsonNode rule : held.rules()) {
            if (!rule.path("resources").isEmpty()) {
                resources.add(part(rule, "verbs", "apiGroups", "resources", "resourceNames"));
            }
            if (!rule.path("nonResourceURLs").isEmpty()) {
                paths.add(part(rule, "verbs", "nonResourceURLs"));
            }
        }
        boolean node = NodeAuthorizer.node(user).isPresent();
        status.put("incomplete", node);
        List<String> troubles = new ArrayList<>(held.missing());
        if (node) {
            troubles.addFirst("node authorizer does not support user rule resolution");
        }
        putUnlessEmpty(status, "evaluationError", Rbac.told(troubles));
        return answer;
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
        ObjectNode answer = question.objectNode();
        answer.putObject("metadata")
                .put(
                        "creationTimestamp",
                        world.now().truncatedTo(ChronoUnit.SECONDS).toString());
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
        List<String> audiences = texts(spec.path("audiences"));
        List<String> asked = audiences.isEmpty() ? List.of(Tokens.ISSUER) : audiences;
        ObjectNode status = question.putObject("status");
        try {
            Tokens.Verified verified = tokens.verify(token, asked);
            status.put("authenticated", true).set("user", describe(verified.owner(), question));
            ArrayNode meant = status.putArray("audiences");
            verified.audiences().forEach(meant::add);
        } catch (TokenException e) {
            status.putObject("user");
            status.put("error", e.told());
        }
        return question;
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
