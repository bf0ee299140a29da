package io.jollyboat.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a Pod may ask for beyond an image: each wish is looked at from inside the containers. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.NFT, Need.IP, Need.KUBECTL, Need.BUSYBOX})
class PodWishesTest {
    private static final String MANIFEST = """
            apiVersion: v1
            kind: Pod
            metadata: {name: secure}
            spec:
              securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000],
                sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "7"}], seccompProfile: {type: RuntimeDefault}}
              containers:
              - {name: c, image: kiamol/ch03-sleep, command: [sleep, "3600"], volumeMounts: [{name: e, mountPath: /e}],
                 securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}
              volumes: [{name: e, emptyDir: {}}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: host}
            spec:
              hostNetwork: true
              hostPID: true
              hostIPC: true
              containers: [{name: c, image: kiamol/ch03-sleep, command: [sleep, "3600"], securityContext: {privileged: true}}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: shared}
            spec:
              shareProcessNamespace: true
              hostname: me
              subdomain: sub
              hostAliases: [{ip: 10.1.2.3, hostnames: [foo, bar]}]
              dnsPolicy: None
              dnsConfig: {nameservers: [1.2.3.4], searches: [a.b], options: [{name: ndots, value: "3"}]}
              containers:
              - {name: a, image: kiamol/ch03-sleep, command: [sleep, "3601"]}
              - {name: b, image: kiamol/ch03-sleep, command: [sleep, "3602"]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: sides}
            spec:
              terminationGracePeriodSeconds: 120
              initContainers:
              - {name: first, image: kiamol/ch03-sleep, restartPolicy: Always, command: [sh, -c, "trap 'sleep 0.3; echo first ends; exit' TERM; echo first; while :; do sleep 0.1; done"]}
              - {name: second, image: kiamol/ch03-sleep, restartPolicy: Always, command: [sh, -c, "trap 'sleep 0.3; echo second ends; exit' TERM; echo second; while :; do sleep 0.1; done"]}
              containers:
              - {name: c, image: kiamol/ch03-sleep, command: [sh, -c, "trap 'sleep 0.3; echo main ends; exit' TERM; echo main; while :; do sleep 0.1; done"],
                 lifecycle: {postStart: {exec: {command: [sh, -c, "echo posted > /tmp/x"]}}, preStop: {sleep: {seconds: 1}}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: grows}
            spec:
              containers: [{name: c, image: kiamol/ch03-sleep, command: [sleep, "3600"],
                resources: {requests: {cpu: "0.1", memory: 65536Ki}, limits: {cpu: 200m, memory: 128Mi}}}]
            """;

    private static TestCluster cluster;

    @BeforeAll
    static void up() throws IOException {
        cluster = new TestCluster("wishes");
        cluster.up("examples/sleep/sleep1.yaml").ok();
        cluster.apply(MANIFEST).ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod", "--all", "--timeout=180s")
                .ok();
    }

    @AfterAll
    static void delete() throws IOException {
        cluster.close();
    }

    private static String in(String pod, String container, String script) {
        return cluster.kubectl("exec", pod, "-c", container, "--", "sh", "-c", script)
                .ok()
                .text();
    }

    @Test
    void securityContext() {
        assertThat(in("secure", "c", "id")).isEqualTo("uid=1000 gid=3000 groups=2000,3000,4000");
        assertThat(in("secure", "c", "touch /x 2>&1 || true")).contains("Read-only file system");
        assertThat(in("secure", "c", "touch /e/f; ls -ln /e/f | awk '{print $3 \":\" $4}'"))
                .isEqualTo("1000:2000");
        assertThat(in("secure", "c", "grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status"))
                .contains("0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2");
        assertThat(in("secure", "c", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start"))
                .isEqualTo("7");
        assertThat(in("secure", "c", "ls -lnL /var/run/secrets/kubernetes.io/serviceaccount/token"))
                .startsWith("-rw-r-----    1 1000     2000");
    }

    @Test
    void theHostsNamespaces() {
        assertThat(in("host", "c", "grep CapEff /proc/self/status")).doesNotContain("00000000a80425fb");
        assertThat(Integer.parseInt(in("host", "c", "ls /proc | grep -c '^[0-9]'")))
                .isGreaterThan(10);
        assertThat(cluster.field("pod/host", "{.status.podIP}"))
                .isEqualTo(cluster.field("pod/host", "{.status.hostIP}"));
    }

    @Test
    void namesProcessesAndResolution() {
        assertThat(in("shared", "a", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).contains("sleep 3601", "sleep 3602");
        assertThat(in("shared", "a", "hostname -f")).isEqualTo("me.sub.default.svc.cluster.local");
        assertThat(in("shared", "a", "cat /etc/hosts")).contains("10.1.2.3\tfoo\tbar");
        assertThat(in("shared", "a", "cat /etc/resolv.conf")).contains("nameserver 1.2.3.4", "search a.b", "ndots:3");
    }

    /** Sidecars begin in their order and end in the opposite one, after the rest. */
    @Test
    void sidecarsAndHooks() {
        assertThat(in("sides", "c", "cat /tmp/x")).isEqualTo("posted");
        try (Background logs =
                cluster.background("logs", "-f", "sides", "--all-containers", "--ignore-errors", "--timestamps")) {
            logs.await("main");
            cluster.kubectl("delete", "pod", "sides").ok();
            String all = logs.end().out();
            assertThat(all.lines().filter(line -> line.endsWith("ends")).sorted()) // by their times
                    .extracting(line -> line.split(" ", 2)[1])
                    .containsExactly("main ends", "second ends", "first ends");
        }
    }

    @Test
    void aRunningContainerIsResized() {
        assertThat(cluster.field("pod/grows", "{.spec.containers[0].resources.requests}"))
                .isEqualTo("{\"cpu\":\"100m\",\"memory\":\"64Mi\"}");
        String patch = "{\"spec\":{\"containers\":[{\"name\":\"c\",\"resources\":{\"limits\":{\"cpu\":\"500m\"}}}]}}";
        cluster.kubectl("patch", "pod", "grows", "--subresource", "resize", "-p", patch)
                .ok();
        cluster.field("pod/grows", "{.status.containerStatuses[0].resources.limits.cpu}", "500m"::equals);
        assertThat(cluster.field("pod/grows", "{.status.containerStatuses[0].restartCount}"))
                .isEqualTo("0");
        String toBest =
                "{\"spec\":{\"containers\":[{\"name\":\"c\",\"resources\":{\"requests\":{\"cpu\":\"500m\",\"memory\":\"128Mi\"}}}]}}";
        cluster.kubectl("patch", "pod", "grows", "--subresource", "resize", "-p", toBest)
                .fails()
                .says("Pod QOS Class may not change as a result of resizing");
    }

    @Test
    void aContainerToLookInside() {
        cluster.kubectl(
                        "debug",
                        "shared",
                        "--image=kiamol/ch03-sleep",
                        "--image-pull-policy=IfNotPresent",
                        "--profile=general",
                        "--container=look",
                        "--target=b",
                        "--",
                        "sleep",
                        "77")
                .ok();
        cluster.field(
                "pod/shared", "{.status.ephemeralContainerStatuses[0].state}", state -> state.contains("running"));
        Program.eventually(
                () -> in("shared", "look", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"),
                lines -> lines.contains("sleep 3602") && lines.contains("sleep 77"));
    }

    @Test
    void aNamespaceWithAQuota() {
        cluster.kubectl("create", "namespace", "small").ok();
        cluster.kubectl("create", "quota", "few", "-n", "small", "--hard=configmaps=2,pods=1")
                .ok();
        cluster.kubectl("create", "configmap", "one", "-n", "small").ok();
        Program.eventually(
                () -> cluster.kubectl("describe", "quota", "few", "-n", "small")
                        .ok()
                        .out(),
                text -> text.contains("configmaps  2     2"));
        cluster.kubectl("create", "configmap", "two", "-n", "small")
                .fails()
                .says(
                        "configmaps \"two\" is forbidden: exceeded quota: few, requested: configmaps=1, used: configmaps=2,"
                                + " limited: configmaps=2");
    }
}
