package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Patch;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.linux.Cgroups;
import io.jollyboat.linux.Program;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods run, from the Api to the kernel and back. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.IP, Need.NFT, Need.BUSYBOX})
class AgentTest {
    private static SmallNode node;

    @BeforeAll
    static void start() throws Exception {
        node = new SmallNode(2);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @Test
    void aPodRunsHasAnAddressAndIsDeleted() throws Exception {
        long begin = System.nanoTime();
        node.pod("one", sleeping(""));
        ObjectNode pod = node.awaitReady("one");
        System.out.println("Pod ready after ms " + (System.nanoTime() - begin) / 1_000_000);
        JsonNode status = pod.path("status");
        assertThat(status.path("phase").stringValue()).isEqualTo("Running");
        String address = status.path("podIP").stringValue();
        assertThat(address).startsWith("10.142.2.");
        assertThat(Program.run("ping", "-c", "1", "-W", "20", address)).contains("1 received");
        JsonNode container = status.path("containerStatuses").path(0);
        assertThat(container.path("restartCount").intValue(-1)).isZero();
        assertThat(container.path("containerID").stringValue()).startsWith("containerd://");
        assertThat(container.path("state").path("running").path("startedAt").stringValue())
                .endsWith("Z");
        String uid = pod.path("metadata").path("uid").stringValue();
        Path files = node.test.settings().folder().resolve("pods").resolve(uid);
        Path token = files.resolve("volumes")
                .resolve(pod.path("spec").path("volumes").path(0).path("name").stringValue())
                .resolve("token");
        assertThat(token).hasContent("token-of-default");
        node.awaitEvent("one", "Started", "Container started");

        begin = System.nanoTime();
        node.delete("one");
        node.awaitGone("one");
        System.out.println("Pod deleted after ms " + (System.nanoTime() - begin) / 1_000_000);
        assertThat(files).doesNotExist();
        assertThat(Cgroups.processes(node.test.settings().cgroup() + "/pod" + uid))
                .isEmpty();
        assertThat(Path.of("/sys/fs/cgroup/memory" + node.test.settings().cgroup() + "/pod" + uid))
                .doesNotExist();
        node.awaitEvent("one", "Killing", "Stopping container main");
    }

    @Test
    void aPodThatWasMarkedNotReadyFromOutsideIsReadyAgainEachTime() throws Exception {
        node.pod("marked", sleeping(""));
        JsonNode before = node.awaitReady("marked").path("status").path("containerStatuses");
        for (String time : List.of("2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z")) {
            ObjectNode mark = SmallNode.json("{status:{conditions:[{type:'Ready',status:'False'}]}}");
            ((ObjectNode) mark.at("/status/conditions/0")).put("lastTransitionTime", time);
            JsonNode marked = node.api.patch(
                    SmallNode.target("marked").withSubresource("status"),
                    new Patch.Strategic(mark),
                    WriteOptions.by("kube-controller-manager"));
            assertThat(Pod.of((ObjectNode) marked).contradiction().isObject()).isTrue();
            JsonNode after = node.awaitReady("marked").path("status");
            assertThat(after.path("containerStatuses")).isEqualTo(before);
            assertThat(Conditions.find(after.path("conditions"), "Ready")
                            .path("lastTransitionTime")
                            .stringValue())
                    .isGreaterThan(time);
        }
        node.delete("marked");
    }

    @Test
    void theNodeIsRegistered() {
        ObjectNode object = node.await(
                        () -> node.api
                                .list(SmallNode.NODE, "", io.jollyboat.api.ListOptions.ALL)
                                .items(),
                        items -> !items.isEmpty()
                                && Conditions.find(
                                                items.getFirst().path("status").path("conditions"), "Ready")
                                        .path("reason")
                                        .stringValue("")
                                        .equals("KubeletReady"))
                .getFirst();
        assertThat(object.path("spec").path("podCIDR").stringValue()).isEqualTo("10.142.2.0/24");
        assertThat(object.path("status")
                        .path("nodeInfo")
                        .path("containerRuntimeVersion")
                        .stringValue())
                .startsWith("containerd://");
    }

    @Test
    void aContainerThatCrashesBacksOff() {
        node.pod(
                "crash",
                "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "command:['sh','-c','echo bye > /dev/termination-log; exit 3']}]}");
        JsonNode status = node.awaitContainer(
                "crash",
                c -> c.path("state")
                        .path("waiting")
                        .path("reason")
                        .stringValue("")
                        .equals("CrashLoopBackOff"));
        assertThat(status.path("restartCount").intValue()).isEqualTo(1);
        assertThat(status.path("state").path("waiting").path("message").stringValue())
                .startsWith("back-off 10s restarting failed container=main pod=crash_default(");
        JsonNode last = status.path("lastState").path("terminated");
        assertThat(last.path("exitCode").intValue()).isEqualTo(3);
        assertThat(last.path("reason").stringValue()).isEqualTo("Error");
        assertThat(last.path("message").stringValue()).isEqualTo("bye\n");
        node.awaitEvent("crash", "BackOff", "Back-off restarting failed container main in pod crash_default(");
        node.delete("crash");
        node.awaitGone("crash");
    }

    @Test
    void podsEndByTheirRestartPolicy() {
        node.pod(
                "good",
                "{restartPolicy:'Never',containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['true']}]}");
        node.pod(
                "bad",
                "{restartPolicy:'Never',containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['false']}]}");
        ObjectNode good = node.awaitPhase("good", "Succeeded");
        assertThat(good.path("status")
                        .path("containerStatuses")
                        .path(0)
                        .path("state")
                        .path("terminated")
                        .path("reason")
                        .stringValue())
                .isEqualTo("Completed");
        assertThat(Conditions.find(good.path("status").path("conditions"), "Ready")
                        .path("reason")
                        .stringValue())
                .isEqualTo("PodCompleted");
        assertThat(node.awaitPhase("bad", "Failed")
                        .path("status")
                        .path("containerStatuses")
                        .path(0)
                        .path("state")
                        .path("terminated")
                        .path("exitCode")
                        .intValue())
                .isEqualTo(1);
        for (String name : List.of("good", "bad")) {
            node.delete(name);
            node.awaitGone(name);
        }
    }

    @Test
    void missingImagesAndMapsAreTold() {
        node.pod("noimage", "{containers:[{name:'main',image:'localhost:1/none:1'}]}");
        node.pod("never", "{containers:[{name:'main',image:'none:1',imagePullPolicy:'Never'}]}");
        node.pod("badname", "{containers:[{name:'main',image:'No Such!'}]}");
        node.pod(
                "nomap",
                "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['sleep','1000'],"
                        + "env:[{name:'A',valueFrom:{configMapKeyRef:{name:'late',key:'a'}}}]}]}");
        node.pod(
                "novolume",
                "{volumes:[{name:'v',configMap:{name:'late'}}],containers:[{name:'main',image:'busybox',"
                        + "imagePullPolicy:'Never',command:['sleep','1000'],volumeMounts:[{name:'v',mountPath:'/v'}]}]}");
        awaitWaiting("noimage", "ErrImagePull");
        awaitWaiting("noimage", "ImagePullBackOff");
        awaitWaiting("never", "ErrImageNeverPull");
        awaitWaiting("badname", "InvalidImageName");
        JsonNode waiting = awaitWaiting("nomap", "CreateContainerConfigError");
        assertThat(waiting.path("message").stringValue()).isEqualTo("configmap \"late\" not found");
        node.awaitEvent(
                "novolume", "FailedMount", "MountVolume.SetUp failed for volume \"v\" : configmap \"late\" not found");
        node.create(SmallNode.CONFIG_MAP, "default", "{metadata:{name:'late'},data:{a:'1'}}");
        node.awaitReady("nomap");
        node.awaitReady("novolume");
        for (String name : List.of("noimage", "never", "badname", "nomap", "novolume")) {
            node.delete(name);
        }
        List.of("noimage", "never", "badname", "nomap", "novolume").forEach(node::awaitGone);
    }

    @Test
    void aCommandThatDoesNotExistIsAStartError() {
        node.pod("nocommand", "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['/none']}]}");
        JsonNode status =
                node.awaitContainer("nocommand", c -> c.path("lastState").has("terminated"));
        assertThat(status.path("lastState").path("terminated").path("reason").stringValue())
                .isEqualTo("StartError");
        assertThat(status.path("lastState").path("terminated").path("exitCode").intValue())
                .isEqualTo(128);
        node.awaitEvent("nocommand", "Failed", "no such file or directory");
        node.delete("nocommand");
        node.awaitGone("nocommand");
    }

    @Test
    void killedContainersComeBackAtOnce() throws Exception {
        node.pod(
                "killed",
                "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['sleep','1000']}]}");
        String id = node.awaitReady("killed")
                .path("status")
                .path("containerStatuses")
                .path(0)
                .path("containerID")
                .stringValue();
        String uid = node.get("killed").path("metadata").path("uid").stringValue();
        Path group = Path.of(
                "/sys/fs/cgroup/pids" + node.test.settings().cgroup() + "/pod" + uid,
                id.replace("containerd://", ""),
                "cgroup.procs");
        long process = Long.parseLong(Files.readAllLines(group).getFirst());
        ProcessHandle.of(process).orElseThrow().destroyForcibly();
        JsonNode status = node.awaitContainer(
                "killed",
                c -> c.path("restartCount").intValue(0) == 1 && c.path("ready").booleanValue(false));
        assertThat(status.path("lastState").path("terminated").path("exitCode").intValue())
                .isEqualTo(137);
        node.delete("killed");
        node.awaitGone("killed");
    }

    private static JsonNode awaitWaiting(String pod, String reason) {
        return node.awaitContainer(
                        pod,
                        c -> c.path("state")
                                .path("waiting")
                                .path("reason")
                                .stringValue("")
                                .equals(reason))
                .path("state")
                .path("waiting");
    }

    static String sleeping(String more) {
        return "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                + "command:['sh','-c','trap \"exit 0\" TERM; while true; do sleep 0.1; done']" + more + "}]}";
    }
}
