package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Api;
import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A port-forward goes on with a sibling when its Pod goes, and only then. */
class ForwardedPodTest {
    private static final Resource PODS = Resources.kind("v1", "Pod");
    private static final Resource REPLICA_SETS = Resources.kind("apps/v1", "ReplicaSet");
    private static final WriteOptions TESTER = WriteOptions.by("tester");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .build();

    private final World world = World.system();
    private final Api api = Server.over(world, new MemoryStore(), BuiltInSchema.schema())
            .build()
            .as(User.component("tester"));

    @BeforeEach
    void namespace() {
        api.create(Resources.kind("v1", "Namespace"), "", json("{metadata: {name: 'default'}}"), TESTER);
        api.create(Resources.kind("v1", "ServiceAccount"), "default", json("{metadata: {name: 'default'}}"), TESTER);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JSON.readTree(text);
    }

    private ForwardedPod forward(String pod, Predicate<Target> allowed) {
        return new ForwardedPod(world, api, new Dialed(), allowed, Target.of(PODS, "default", pod));
    }

    private static String dial(ForwardedPod forward) {
        try (ByteChannel channel = forward.dial(80)) {
            return channel.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void pod(String name, String ownerKind, String owner, String uid) {
        api.create(PODS, "default", json("""
                {metadata: {name: '%s', ownerReferences: [
                  {apiVersion: 'apps/v1', kind: '%s', name: '%s', uid: '%s', controller: true}]},
                 spec: {nodeName: 'n', terminationGracePeriodSeconds: 0, containers: [{name: 'c', image: 'i'}]}}""".formatted(name, ownerKind, owner, uid)), TESTER);
        status(name, "{phase: 'Running', conditions: [{type: 'Ready', status: 'True'}]}");
    }

    private void status(String pod, String status) {
        api.patch(
                Target.of(PODS, "default", pod).withSubresource("status"),
                new Patch.Strategic(json("{status: " + status + "}")),
                TESTER);
    }

    private String replicaSet(String name, String deploymentUid) {
        ObjectNode made = api.create(REPLICA_SETS, "default", json("""
                {metadata: {name: '%s', ownerReferences: [
                  {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: '%s', controller: true}]},
                 spec: {replicas: 0, selector: {matchLabels: {a: 'b'}}, template: {metadata: {labels: {a: 'b'}},
                  spec: {containers: [{name: 'c', image: 'i'}]}}}}""".formatted(name, deploymentUid)), TESTER);
        return made.path("metadata").path("uid").stringValue("");
    }

    private void delete(String pod) {
        api.delete(Target.of(PODS, "default", pod), DeleteOptions.DEFAULT);
    }

    @Test
    void aSiblingTakesOverForGoodWhenThePodIsGone() {
        pod("b", "ReplicaSet", "web-1", "1");
        pod("c", "ReplicaSet", "web-1", "1");
        pod("a", "ReplicaSet", "other", "2");
        ForwardedPod forward = forward("b", target -> true);
        assertThat(dial(forward)).isEqualTo("b");
        delete("b");
        assertThat(dial(forward)).isEqualTo("c");
        pod("b2", "ReplicaSet", "web-1", "1");
        assertThat(dial(forward)).as("it stays where it went").isEqualTo("c");
    }

    @Test
    void aPodThatIsNotReadyKeepsItAndOneThatHasEndedDoesNot() {
        pod("a", "Job", "work", "1");
        pod("b", "Job", "work", "1");
        ForwardedPod forward = forward("a", target -> true);
        status("a", "{conditions: [{type: 'Ready', status: 'False'}]}");
        assertThat(dial(forward)).isEqualTo("a");
        status("a", "{phase: 'Failed'}");
        assertThat(dial(forward)).isEqualTo("b");
    }

    @Test
    void aRolloutsNewPodsAreKin() {
        String before = replicaSet("web-1", "d");
        String after = replicaSet("web-2", "d");
        pod("a", "ReplicaSet", "web-1", before);
        ForwardedPod forward = forward("a", target -> true);
        pod("z", "ReplicaSet", "web-2", after);
        delete("a");
        api.delete(Target.of(REPLICA_SETS, "default", "web-1"), DeleteOptions.DEFAULT);
        assertThat(dial(forward)).isEqualTo("z");
    }

    @Test
    void itWaitsForTheReplacement() {
        pod("a", "ReplicaSet", "web-1", "1");
        ForwardedPod forward = forward("a", target -> true);
        delete("a");
        CompletableFuture<String> dialed = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> dialed.complete(dial(forward)));
        pod("b", "ReplicaSet", "web-1", "1");
        assertThat(dialed.orTimeout(20, java.util.concurrent.TimeUnit.SECONDS).join())
                .isEqualTo("b");
    }

    @Test
    void ofAStatefulSetOnlyTheSameNameCounts() {
        pod("db-0", "StatefulSet", "db", "1");
        pod("db-1", "StatefulSet", "db", "1");
        ForwardedPod forward = forward("db-0", target -> true);
        delete("db-0");
        pod("db-0", "StatefulSet", "db", "1");
        assertThat(dial(forward)).isEqualTo("db-0");
    }

    @Test
    void nobodyWaitsForAPodThatNobodyReplaces() {
        api.create(PODS, "default", json("""
                {metadata: {name: 'alone'}, spec: {nodeName: 'n', terminationGracePeriodSeconds: 0,
                 containers: [{name: 'c', image: 'i'}]}}"""), TESTER);
        ForwardedPod forward = forward("alone", target -> true);
        delete("alone");
        assertThatThrownBy(() -> forward.dial(80))
                .isInstanceOf(StatusException.class)
                .hasMessage("pods \"alone\" not found");
    }

    @Test
    void nobodyIsLedWhereHeMayNotGo() {
        pod("a", "ReplicaSet", "web-1", "1");
        pod("b", "ReplicaSet", "web-1", "1");
        pod("c", "ReplicaSet", "web-1", "1");
        ForwardedPod forward = forward("a", target -> !target.name().equals("b"));
        delete("a");
        assertThat(dial(forward)).isEqualTo("c");
    }

    /** Pods whose every connection names them. */
    private final class Dialed implements Streams {
        @Override
        public ByteChannel dial(Target pod, int port) {
            api.get(pod);
            return new Named(pod.name());
        }

        @Override
        public InputStream logs(Target pod, LogOptions options) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Session exec(Target pod, String container, List<String> command, Wanted wanted) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Session attach(Target pod, String container, Wanted wanted) {
            throw new UnsupportedOperationException();
        }
    }

    private record Named(String name) implements ByteChannel {
        @Override
        public int read(ByteBuffer target) {
            return -1;
        }

        @Override
        public int write(ByteBuffer source) {
            return 0;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}

        @Override
        public String toString() {
            return name;
        }
    }
}
