package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.ListOptions;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.node.host.TestNode;
import io.jollyboat.server.Server;
import io.jollyboat.server.TokenIssuer;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.World;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A real node under a real agent, with the real server's core as its Api. */
final class SmallNode implements AutoCloseable {
    static final Resource POD = Resources.kind("v1", "Pod");
    static final Resource CONFIG_MAP = Resources.kind("v1", "ConfigMap");
    static final Resource SECRET = Resources.kind("v1", "Secret");
    static final Resource NODE = Resources.kind("v1", "Node");
    static final Resource EVENT = Resources.kind("v1", "Event");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();
    /** Pods that ask for nothing get next to nothing of a busy machine. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    final World world = World.system();
    final TestNode test;
    final Api api;
    private Agent agent;

    /** Whom the agent asks before it ends a Pod; a test may put another in its place. */
    volatile Withdrawal withdrawal = Withdrawal.NONE;

    SmallNode(int number) throws IOException {
        TokenIssuer tokens = (user, account, request) -> {
            ObjectNode answer = request.deepCopy();
            answer.putObject("status")
                    .put(
                            "token",
                            "token-of-" + account.path("metadata").path("name").stringValue())
                    .put("expirationTimestamp", Instant.now().plusSeconds(3600).toString());
            return answer;
        };
        api = Server.over(world, new MemoryStore(), BuiltInSchema.schema())
                .tokens(internal -> tokens)
                .build()
                .as(User.component("tester"));
        for (String namespace : List.of("default", "kube-node-lease")) {
            create(Resources.kind("v1", "Namespace"), "", "{metadata:{name:'" + namespace + "'}}");
        }
        create(Resources.kind("v1", "ServiceAccount"), "default", "{metadata:{name:'default'}}");
        create(CONFIG_MAP, "default", "{metadata:{name:'kube-root-ca.crt'},data:{'ca.crt':'the certificate'}}");
        test = TestNode.start(number);
        startAgent();
    }

    private void startAgent() {
        agent = new Agent(
                world,
                api,
                test.node().host(),
                AgentSettings.of("10.43.0.10", "cluster.local", "v1.35.0"),
                (namespace, addresses, limit) -> withdrawal.await(namespace, addresses, limit));
        agent.start();
    }

    Agent agent() {
        return agent;
    }

    /** A new agent over the same node, as after a crash. */
    void restartAgent(Runnable between) {
        agent.close();
        between.run();
        startAgent();
    }

    static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text);
    }

    ObjectNode create(Resource resource, String namespace, String text) {
        return api.create(resource, namespace, json(text), WriteOptions.by("tester"));
    }

    /** Creates a Pod on the node; the spec is given without it. */
    ObjectNode pod(String name, String spec) {
        ObjectNode pod = json("{metadata:{name:'" + name + "'}}");
        ObjectNode object = json(spec);
        object.put("nodeName", test.settings().node());
        if (!object.has("terminationGracePeriodSeconds")) {
            object.put("terminationGracePeriodSeconds", 1);
        }
        pod.set("spec", object);
        return api.create(POD, "default", pod, WriteOptions.by("tester"));
    }

    static Target target(String name) {
        return Target.of(POD, "default", name);
    }

    ObjectNode get(String name) {
        return api.get(target(name));
    }

    /** The first container's status. */
    JsonNode container(String name) {
        return get(name).path("status").path("containerStatuses").path(0);
    }

    void delete(String name) {
        api.delete(target(name), DeleteOptions.DEFAULT);
    }

    void awaitGone(String name) {
        await(() -> find(name), Optional::isEmpty);
    }

    Optional<ObjectNode> find(String name) {
        try {
            return Optional.of(get(name));
        } catch (StatusException e) {
            return Optional.empty();
        }
    }

    ObjectNode awaitPhase(String name, String phase) {
        return await(
                () -> get(name),
                pod -> pod.path("status").path("phase").stringValue("").equals(phase));
    }

    ObjectNode awaitReady(String name) {
        return await(
                () -> get(name),
                pod -> Conditions.find(pod.path("status").path("conditions"), "Ready")
                        .path("status")
                        .stringValue("")
                        .equals("True"));
    }

    JsonNode awaitContainer(String name, Predicate<JsonNode> condition) {
        return await(() -> container(name), condition);
    }

    /** The messages of a Pod's events with that reason. */
    List<String> events(String name, String reason) {
        return api.list(EVENT, "default", ListOptions.ALL).items().stream()
                .filter(event -> event.path("involvedObject")
                        .path("name")
                        .stringValue("")
                        .equals(name))
                .filter(event -> event.path("reason").stringValue("").equals(reason))
                .map(event -> event.path("message").stringValue(""))
                .toList();
    }

    void awaitEvent(String name, String reason, String part) {
        await(() -> events(name, reason), found -> found.stream().anyMatch(message -> message.contains(part)));
    }

    <T> T await(Supplier<T> what, Predicate<T> condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        T last = what.get();
        while (!condition.test(last)) {
            assertThat(System.nanoTime())
                    .as("waited in vain; the last was " + last)
                    .isLessThan(end);
            try {
                world.sleep(Duration.ofMillis(5));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            last = what.get();
        }
        return last;
    }

    @Override
    public void close() {
        agent.close();
        test.close();
    }
}
