package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pods that cannot run, and clients that go away: what a user sees, and that nothing else suffers. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
class PodFaultsTest {
    private static final String WAITING = "{.status.containerStatuses[0].state.waiting.reason}";
    private static final String WAITING_WORDS = "{.status.containerStatuses[0].state.waiting.message}";
    private static TestCluster cluster;

    /** All begin at once, so that one waits while another does. */
    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("faults");
        cluster.up("examples/sleep/sleep1.yaml").ok();
        pod("no-image", "image: kiamol/nothing", "");
        pod("bad-image", "image: 'kiamol/Not:A:Name'", "");
        pod("never-image", "image: kiamol/nothing, imagePullPolicy: Never", "");
        pod("no-command", "image: kiamol/ch03-sleep, command: [/no/such]", "");
        pod("chatty", "image: kiamol/ch03-sleep, command: [sh, -c, 'echo hello; exec sleep 600']", "");
        pod(
                "no-map",
                "image: kiamol/ch03-sleep, volumeMounts: [{name: v, mountPath: /v}]",
                "volumes: [{name: v, configMap: {name: late}}]");
        pod(
                "no-key",
                "image: kiamol/ch03-sleep, env: [{name: A, valueFrom: {secretKeyRef: {name: late, key: a}}}]",
                "");
        pod("too-large", "image: kiamol/ch03-sleep, resources: {requests: {cpu: 1000}}", "");
        pod("nowhere", "image: kiamol/ch03-sleep", "nodeSelector: {planet: mars}");
        pod(
                "sick",
                "image: kiamol/ch03-sleep, livenessProbe: {exec: {command: ['false']}, periodSeconds: 1,"
                        + " failureThreshold: 1}",
                "terminationGracePeriodSeconds: 1");
        pod(
                "unready",
                "image: kiamol/ch03-sleep, readinessProbe: {exec: {command: [test, -e, /tmp/ready]},"
                        + " periodSeconds: 1}",
                "");
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    private static void pod(String name, String container, String more) {
        cluster.apply("apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec:\n  containers: [{name: c, "
                        + container + "}]\n  " + more + "\n")
                .ok();
    }

    /** Waits until an event of a Pod says something. */
    private static void told(String pod, String words) {
        Program.eventually(
                () -> cluster.kubectl("events", "--for", "pod/" + pod).ok().out(), all -> all.contains(words));
    }

    @Test
    void anImageThatDoesNotExist() {
        told("no-image", "Error: ErrImagePull");
        told("no-image", "Failed to pull image \"kiamol/nothing\"");
        cluster.field("pod/no-image", WAITING, "ImagePullBackOff"::equals);
        told("no-image", "Back-off pulling image \"kiamol/nothing\"");
        assertThat(cluster.field("pod/no-image", "{.status.phase}")).isEqualTo("Pending");
        cluster.field("pod/bad-image", WAITING, "InvalidImageName"::equals);
        cluster.field("pod/never-image", WAITING, "ErrImageNeverPull"::equals);
    }

    @Test
    void anImageThatComesLater() {
        cluster.kubectl("set", "image", "pod/no-image", "c=kiamol/ch03-sleep").ok();
        cluster.field("pod/no-image", "{.status.phase}", "Running"::equals);
        cluster.kubectl("delete", "pod", "no-image", "--now").ok();
        pod("no-image", "image: kiamol/nothing", "");
    }

    @Test
    void aCommandThatDoesNotExist() {
        told("no-command", "exec: \"/no/such\": stat /no/such: no such file or directory");
        cluster.field("pod/no-command", WAITING, List.of("CrashLoopBackOff", "RunContainerError")::contains);
        String last = "{.status.containerStatuses[0].lastState.terminated.reason}"
                + " {.status.containerStatuses[0].lastState.terminated.exitCode}";
        cluster.field("pod/no-command", last, "StartError 128"::equals);
    }

    @Test
    void aContainerThatCrashes() {
        String[] watch = {"get", "pods", "--field-selector=metadata.name=crash", "-w", "-o", "jsonpath=" + WAITING_WORDS
        };
        try (Background words = cluster.background(watch)) {
            pod("crash", "image: kiamol/ch03-sleep, command: [sh, -c, 'echo bye; exit 3']", "");
            cluster.field("pod/crash", WAITING, "CrashLoopBackOff"::equals);
            words.await("back-off 10s restarting failed container=c");
            words.await("back-off 20s restarting failed container=c");
        }
        told("crash", "Back-off restarting failed container c in pod crash_default");
        Program.eventually(
                () -> cluster.kubectl("get", "pod", "crash").ok().out(),
                row -> row.contains("0/1") && row.contains("CrashLoopBackOff"));
        assertThat(cluster.field("pod/crash", "{.status.containerStatuses[0].lastState.terminated.exitCode}"))
                .isEqualTo("3");
        assertThat(cluster.kubectl("logs", "crash", "-p").ok().out()).isEqualTo("bye\n");
    }

    @Test
    void whatAPodNeedsMayComeLater() {
        told("no-map", "MountVolume.SetUp failed for volume \"v\" : configmap \"late\" not found");
        cluster.field("pod/no-key", WAITING, "CreateContainerConfigError"::equals);
        assertThat(cluster.field("pod/no-key", WAITING_WORDS)).isEqualTo("secret \"late\" not found");
        assertThat(cluster.field("pod/no-map", WAITING)).isEqualTo("ContainerCreating");
        cluster.kubectl("create", "configmap", "late", "--from-literal=a=here").ok();
        cluster.kubectl("create", "secret", "generic", "late", "--from-literal=a=here")
                .ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/no-map", "pod/no-key", "--timeout=180s")
                .ok();
        cluster.kubectl("exec", "no-map", "--", "cat", "/v/a").ok().says("here");
        cluster.kubectl("exec", "no-key", "--", "sh", "-c", "echo $A").ok().says("here");
    }

    @Test
    void aPodThatFitsNowhere() {
        told("too-large", "0/1 nodes are available: 1 Insufficient cpu.");
        told("nowhere", "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.");
        String reason = "{.status.conditions[?(@.type==\"PodScheduled\")].reason}";
        assertThat(cluster.field("pod/nowhere", reason)).isEqualTo("Unschedulable");
        cluster.kubectl("label", "node", "faults", "planet=mars").ok();
        cluster.field("pod/nowhere", "{.status.phase}", "Running"::equals);
    }

    @Test
    void probesThatFail() {
        told("sick", "Liveness probe failed");
        cluster.field("pod/sick", "{.status.containerStatuses[0].restartCount}", count -> !count.equals("0"));
        told("sick", "Container c failed liveness probe, will be restarted");
        told("unready", "Readiness probe failed");
        assertThat(cluster.field("pod/unready", "{.status.containerStatuses[0].ready}"))
                .isEqualTo("false");
        cluster.kubectl("exec", "unready", "--", "touch", "/tmp/ready").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/unready", "--timeout=180s")
                .ok();
    }

    @Test
    void clientsThatGoAway() {
        for (int i = 0; i < 3; i++) {
            try (Background exec =
                            cluster.background("exec", "deploy/sleep-1", "--", "sh", "-c", "echo on; sleep 600");
                    Background logs = cluster.background("logs", "-f", "chatty");
                    Background watch = cluster.background("get", "pods", "-w");
                    Background forward = cluster.background("port-forward", "deploy/sleep-1", ":9")) {
                exec.await("on");
                watch.await("sleep-1");
                forward.await("-> 9");
                logs.await("hello");
            }
        }
        cluster.kubectl("exec", "deploy/sleep-1", "--", "echo", "still here")
                .ok()
                .says("still here");
        // Every stream that the killed clients left behind comes to its end.
        Program.eventually(
                () -> cluster.kubectl("get", "--raw", "/metrics").ok().out(),
                metrics -> metrics.lines()
                        .filter(line -> line.startsWith("apiserver_longrunning_requests{"))
                        .allMatch(line -> line.endsWith(" 0")));
    }
}
