package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.DeleteOptions;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Streams.Wanted;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.testing.Need;
import io.jollyboat.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What a Pod may ask for, seen from inside of its containers. */
@Needs({Need.ROOT, Need.CONTAINERD, Need.RUNC, Need.IP, Need.NFT, Need.BUSYBOX})
@Timeout(300)
class PodFeaturesTest {
    private static SmallNode node;

    @BeforeAll
    static void start() throws Exception {
        node = new SmallNode(5);
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static String exec(String pod, String container, String... command) {
        try (var session = node.agent()
                .streams()
                .exec(SmallNode.target(pod), container, List.of(command), new Wanted(false, true, false, false))) {
            return new String(session.stdout().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void remove(String name) {
        node.delete(name);
        node.awaitGone(name);
    }

    @Test
    void environmentFilesAndIdentity() {
        node.create(SmallNode.CONFIG_MAP, "default", "{metadata:{name:'settings'},data:{color:'red',size:'7'}}");
        node.create(SmallNode.SECRET, "default", "{metadata:{name:'hidden'},stringData:{key:'s3cret'}}");
        node.pod("full", """
                {hostname:'box', subdomain:'sub',
                 securityContext:{runAsUser:405,runAsGroup:100,fsGroup:777},
                 hostAliases:[{ip:'10.9.9.9',hostnames:['far','away']}],
                 dnsConfig:{options:[{name:'ndots',value:'2'}]},
                 volumes:[{name:'map',configMap:{name:'settings'}},{name:'sec',secret:{secretName:'hidden',defaultMode:256}},
                  {name:'disk',emptyDir:{}},{name:'mem',emptyDir:{medium:'Memory',sizeLimit:'1Mi'}},
                  {name:'down',downwardAPI:{items:[{path:'name',fieldRef:{fieldPath:'metadata.name'}},
                    {path:'cpu',resourceFieldRef:{containerName:'main',resource:'limits.cpu',divisor:'1m'}}]}}],
                 containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',workingDir:'/tmp',
                  command:['sh','-c','echo $(COLOR)-$(NONE)-$$(COLOR); exec sleep 1000'],
                  resources:{limits:{cpu:'500m',memory:'64Mi'}},
                  securityContext:{readOnlyRootFilesystem:true,allowPrivilegeEscalation:false,capabilities:{drop:['ALL']}},
                  envFrom:[{prefix:'P_',configMapRef:{name:'settings'}}],
                  env:[{name:'COLOR',valueFrom:{configMapKeyRef:{name:'settings',key:'color'}}},
                   {name:'KEY',valueFrom:{secretKeyRef:{name:'hidden',key:'key'}}},
                   {name:'POD_IP',valueFrom:{fieldRef:{fieldPath:'status.podIP'}}},
                   {name:'NODE',valueFrom:{fieldRef:{fieldPath:'spec.nodeName'}}},
                   {name:'BOTH',value:'$(COLOR)+$(KEY)'},
                   {name:'MEM',valueFrom:{resourceFieldRef:{resource:'limits.memory',divisor:'1Mi'}}}],
                  volumeMounts:[{name:'map',mountPath:'/map'},{name:'sec',mountPath:'/sec'},{name:'disk',mountPath:'/disk'},
                   {name:'mem',mountPath:'/mem'},{name:'down',mountPath:'/down'},{name:'map',mountPath:'/one',subPath:'color'}]}]}
                """);
        JsonNode status = node.awaitReady("full").path("status");
        String env = exec("full", "main", "env");
        assertThat(env)
                .contains(
                        "P_color=red",
                        "P_size=7",
                        "COLOR=red",
                        "KEY=s3cret",
                        "BOTH=red+s3cret",
                        "MEM=64",
                        "POD_IP=" + status.path("podIP").stringValue(),
                        "NODE=jn-5");
        assertThat(exec("full", "main", "id"))
                .contains("uid=405(guest) gid=100(users)")
                .contains("777");
        assertThat(exec("full", "main", "pwd")).isEqualTo("/tmp\n");
        assertThat(exec("full", "main", "cat", "/map/color", "/sec/key", "/down/name", "/one"))
                .isEqualTo("reds3cretfullred");
        assertThat(exec("full", "main", "cat", "/down/cpu")).isEqualTo("500");
        assertThat(exec("full", "main", "hostname")).isEqualTo("box\n");
        assertThat(exec("full", "main", "cat", "/etc/hosts"))
                .contains("\tbox.sub.default.svc.cluster.local\tbox\n", "10.9.9.9\tfar\taway\n");
        assertThat(exec("full", "main", "cat", "/etc/resolv.conf"))
                .contains(
                        "nameserver 10.43.0.10",
                        "search default.svc.cluster.local svc.cluster.local cluster.local",
                        "options ndots:2");
        assertThat(exec(
                        "full",
                        "main",
                        "sh",
                        "-c",
                        "touch /disk/x && touch /mem/x && touch /tmp/x 2>/dev/null || echo closed"))
                .isEqualTo("closed\n");
        assertThat(exec("full", "main", "cat", "/var/run/secrets/kubernetes.io/serviceaccount/namespace"))
                .isEqualTo("default");
        assertThat(status.path("qosClass").stringValue()).isEqualTo("Guaranteed");
        remove("full");
    }

    @Test
    void changedMapsReachTheVolume() {
        node.create(SmallNode.CONFIG_MAP, "default", "{metadata:{name:'live'},data:{a:'old',gone:'x'}}");
        node.pod(
                "live",
                "{volumes:[{name:'v',configMap:{name:'live'}},{name:'d',downwardAPI:{items:[{path:'mood',"
                        + "fieldRef:{fieldPath:\"metadata.annotations['mood']\"}}]}}],"
                        + "containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['sleep','1000'],"
                        + "volumeMounts:[{name:'v',mountPath:'/v'},{name:'d',mountPath:'/d'},"
                        + "{name:'v',mountPath:'/fixed',subPath:'a'}]}]}");
        node.awaitReady("live");
        assertThat(exec("live", "main", "cat", "/v/a")).isEqualTo("old");
        patch(Target.of(SmallNode.CONFIG_MAP, "default", "live"), "{data:{a:'new',gone:null,b:'more'}}");
        node.await(() -> exec("live", "main", "sh", "-c", "cat /v/a /v/b; ls /v"), "newmorea\nb\n"::equals);
        assertThat(exec("live", "main", "cat", "/fixed")).isEqualTo("old");
        patch(SmallNode.target("live"), "{metadata:{annotations:{mood:'good'}}}");
        node.await(() -> exec("live", "main", "cat", "/d/mood"), "good"::equals);
        // What vanished stays as it was, and what comes back is shown.
        node.api.delete(Target.of(SmallNode.CONFIG_MAP, "default", "live"), DeleteOptions.DEFAULT);
        node.awaitEvent(
                "live", "FailedMount", "MountVolume.SetUp failed for volume \"v\" : configmap \"live\" not found");
        assertThat(exec("live", "main", "cat", "/v/a")).isEqualTo("new");
        node.create(SmallNode.CONFIG_MAP, "default", "{metadata:{name:'live'},data:{a:'third'}}");
        node.await(() -> exec("live", "main", "cat", "/v/a"), "third"::equals);
        remove("live");
    }

    private static void patch(Target target, String text) {
        node.api.patch(target, new Patch.Merge(SmallNode.json(text)), WriteOptions.by("tester"));
    }

    @Test
    void aPodWaitsForItsConfigMap() {
        node.pod(
                "waits",
                "{volumes:[{name:'v',configMap:{name:'later'}}],containers:[{name:'main',image:'busybox',"
                        + "imagePullPolicy:'Never',command:['sleep','1000'],volumeMounts:[{name:'v',mountPath:'/v'}]}]}");
        node.awaitEvent("waits", "FailedMount", "configmap \"later\" not found");
        assertThat(node.container("waits")
                        .path("state")
                        .path("waiting")
                        .path("reason")
                        .stringValue())
                .isEqualTo("ContainerCreating");
        node.create(SmallNode.CONFIG_MAP, "default", "{metadata:{name:'later'},data:{a:'here'}}");
        node.awaitReady("waits");
        assertThat(exec("waits", "main", "cat", "/v/a")).isEqualTo("here");
        remove("waits");
    }

    @Test
    void initContainersRunOneAfterAnother() {
        node.pod(
                "steps",
                "{volumes:[{name:'v',emptyDir:{}}],"
                        + "initContainers:[" + step("one", "echo 1 >> /v/x", "") + ","
                        + step("two", "echo 2 >> /v/x", "") + ","
                        + step("side", "echo side >> /v/x; exec sleep 1000", "restartPolicy:'Always',") + "],"
                        + "containers:[" + step("main", "echo main >> /v/x; exec sleep 1000", "") + "]}");
        JsonNode status = node.awaitReady("steps").path("status");
        assertThat(status.path("initContainerStatuses")).hasSize(3);
        node.await(() -> exec("steps", "main", "cat", "/v/x"), "1\n2\nside\nmain\n"::equals);
        assertThat(status.path("initContainerStatuses").path(2).path("started").booleanValue(false))
                .isTrue();
        remove("steps");
    }

    @Test
    void aPodWhoseInitContainersDidNotEndWellIsNotInitialized() {
        node.pod(
                "broken",
                "{restartPolicy:'Never',volumes:[{name:'v',emptyDir:{}}],"
                        + "initContainers:[" + step("one", "exit 1", "") + "," + step("two", "true", "") + "],"
                        + "containers:[" + step("main", "true", "") + "]}");
        JsonNode status = node.awaitPhase("broken", "Failed").path("status");
        JsonNode initialized = Conditions.find(status.path("conditions"), "Initialized");
        assertThat(initialized.path("status").stringValue()).isEqualTo("False");
        assertThat(initialized.path("message").stringValue()).isEqualTo("containers with incomplete status: [one two]");
        remove("broken");
    }

    @Test
    void anInitContainerIsNotReadyWhileItRuns() {
        node.pod(
                "long",
                "{volumes:[{name:'v',emptyDir:{}}],initContainers:[" + step("one", "exec sleep 1000", "") + ","
                        + step("two", "true", "") + "],containers:[" + step("main", "true", "") + "]}");
        JsonNode status = node.await(
                () -> node.get("long").path("status"),
                found -> found.path("initContainerStatuses")
                        .path(0)
                        .path("state")
                        .has("running"));
        assertThat(status.path("initContainerStatuses").path(0).path("ready").booleanValue(true))
                .isFalse();
        JsonNode initialized = Conditions.find(status.path("conditions"), "Initialized");
        assertThat(initialized.path("message").stringValue()).isEqualTo("containers with incomplete status: [one two]");
        node.api.delete(Target.of(Pod.RESOURCE, "default", "long"), DeleteOptions.now());
        node.awaitGone("long");
    }

    private static String step(String name, String command, String more) {
        return "{name:'" + name + "',image:'busybox',imagePullPolicy:'Never'," + more + "command:['sh','-c','" + command
                + "'],volumeMounts:[{name:'v',mountPath:'/v'}]}";
    }

    @Test
    void probesDecideOnReadinessAndRestart() {
        node.pod(
                "probed",
                "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "command:['sh','-c','mkdir -p /tmp/www; echo ok > /tmp/www/ok; echo x > /tmp/alive; exec httpd -f -p 8080 -h /tmp/www'],"
                        + "ports:[{name:'web',containerPort:8080}],"
                        + "startupProbe:{tcpSocket:{port:'web'},periodSeconds:1,timeoutSeconds:30,failureThreshold:90},"
                        + "readinessProbe:{httpGet:{path:'/ok',port:'web'},periodSeconds:1,timeoutSeconds:30,failureThreshold:1},"
                        + "livenessProbe:{exec:{command:['cat','/tmp/alive']},periodSeconds:1,timeoutSeconds:30,failureThreshold:2}}]}");
        node.awaitReady("probed");
        exec("probed", "main", "rm", "/tmp/www/ok");
        node.awaitContainer("probed", c -> !c.path("ready").booleanValue(true));
        node.awaitEvent("probed", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 404");
        exec("probed", "main", "sh", "-c", "echo ok > /tmp/www/ok");
        node.awaitReady("probed");
        exec("probed", "main", "rm", "/tmp/alive");
        node.awaitContainer("probed", c -> c.path("restartCount").intValue(0) == 1);
        node.awaitEvent("probed", "Killing", "Container main failed liveness probe, will be restarted");
        node.awaitReady("probed");
        remove("probed");
    }

    @Test
    void aContainerThatTakesTooMuchMemoryIsOomKilled() {
        node.pod(
                "eater",
                "{restartPolicy:'Never',containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "resources:{limits:{memory:'16Mi'}},command:['sh','-c','x=$(yes | head -c 100000000); echo done']}]}");
        node.awaitPhase("eater", "Failed");
        JsonNode end = node.container("eater").path("state").path("terminated");
        assertThat(end.path("reason").stringValue()).isEqualTo("OOMKilled");
        remove("eater");
    }

    @Test
    void hooksRunBeforeAndAfter() {
        node.pod(
                "hooked",
                "{volumes:[{name:'v',hostPath:{path:'" + node.test.settings().folder()
                        + "/shared',type:'DirectoryOrCreate'}}],"
                        + "terminationGracePeriodSeconds:60,containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',"
                        + "command:['sh','-c','trap \"exit 0\" TERM; while :; do sleep 0.1; done'],volumeMounts:[{name:'v',mountPath:'/v'}],"
                        + "lifecycle:{postStart:{exec:{command:['sh','-c','echo hello > /v/post']}},"
                        + "preStop:{exec:{command:['sh','-c','echo bye > /v/pre; kill -9 -1']}}}}]}");
        node.awaitReady("hooked");
        var shared = node.test.settings().folder().resolve("shared");
        assertThat(shared.resolve("post")).hasContent("hello");
        remove("hooked");
        assertThat(shared.resolve("pre")).hasContent("bye");
    }

    @Test
    void aDeletedPodIsToldToEndOnceNobodyIsLedToIt() throws Exception {
        endsOnceNobodyIsLedToIt("led", DeleteOptions.DEFAULT);
    }

    /** As {@code kubectl delete --grace-period=0 --force} has it: the API forgets it at once, its containers still run. */
    @Test
    void soIsAPodThatIsDeletedWithoutGrace() throws Exception {
        endsOnceNobodyIsLedToIt("led-by-force", DeleteOptions.now());
    }

    private static void endsOnceNobodyIsLedToIt(String name, DeleteOptions deletion) throws Exception {
        Path shared = node.test.settings().folder().resolve("shared");
        String script = "trap \"echo told > /shared/%s; exit 0\" TERM; touch /tmp/listens; while :; do sleep 0.1; done";
        node.pod(name, """
                {terminationGracePeriodSeconds:100,
                 volumes:[{name:'v',hostPath:{path:'%s',type:'DirectoryOrCreate'}}],
                 containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['sh','-c','%s'],
                  volumeMounts:[{name:'v',mountPath:'/shared'}]}]}
                """.formatted(shared, script.formatted(name)));
        JsonNode status = node.awaitReady(name).path("status");
        // What runs has not begun for that: told to end now, it would not hear of it and wait out its time.
        node.await(() -> exec(name, "main", "ls", "/tmp"), "listens\n"::equals);
        String address = status.path("podIP").stringValue("");
        Path told = shared.resolve(name);
        CompletableFuture<String> asked = new CompletableFuture<>();
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        node.withdrawal = (namespace, addresses, limit) -> {
            if (!addresses.contains(address)) {
                return true; // another test's Pod
            }
            asked.complete(namespace);
            return left.join();
        };
        try {
            node.api.delete(Target.of(Pod.RESOURCE, "default", name), deletion);
            assertThat(asked.get(90, TimeUnit.SECONDS)).isEqualTo("default");
            assertThat(told).doesNotExist();
        } finally {
            left.complete(true);
            node.withdrawal = Withdrawal.NONE;
        }
        node.awaitGone(name);
        node.await(() -> Files.exists(told), Boolean.TRUE::equals);
    }

    @Test
    void aPodThatLivesTooLongFails() {
        node.pod(
                "late",
                "{activeDeadlineSeconds:1,containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['sleep','1000']}]}");
        JsonNode status = node.awaitPhase("late", "Failed").path("status");
        assertThat(status.path("reason").stringValue()).isEqualTo("DeadlineExceeded");
        remove("late");
    }

    @Test
    void aPodInTheNodesNetwork() {
        node.pod(
                "host",
                "{hostNetwork:true,containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['sleep','1000']}]}");
        assertThat(node.awaitReady("host").path("status").path("podIP").stringValue())
                .isEqualTo("10.141.5.2");
        assertThat(exec("host", "main", "ip", "addr")).contains("10.141.5.2");
        remove("host");
    }

    @Test
    void aContainerIsAddedToLookInside() {
        node.pod(
                "watched",
                "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['sleep','4321']},"
                        + "{name:'stuck',image:'no-such-image',imagePullPolicy:'Never'}]}");
        node.await(
                () -> node.get("watched").path("status").path("containerStatuses"),
                all -> all.path(0).path("state").has("running"));
        node.api.patch(
                SmallNode.target("watched").withSubresource("ephemeralcontainers"),
                new Patch.Strategic(
                        SmallNode.json(
                                "{spec:{ephemeralContainers:[{name:'look',image:'busybox',"
                                        + "imagePullPolicy:'Never',command:['sh','-c','until test -e /end; do sleep 0.1; done'],"
                                        + "targetContainerName:'main'},{name:'lost',image:'busybox',imagePullPolicy:'Never',targetContainerName:'stuck'}]}}")),
                WriteOptions.by("tester"));
        JsonNode status = node.await(
                () -> node.get("watched").path("status").path("ephemeralContainerStatuses"),
                all -> all.path(0).path("state").has("running")
                        && all.path(1).path("state").path("waiting").has("message"));
        assertThat(status.path(0).path("ready").booleanValue(true)).isFalse();
        assertThat(status.path(1).path("state").path("waiting").path("message").stringValue())
                .isEqualTo("unable to find target container \"stuck\"");
        node.await(
                () -> exec("watched", "look", "sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"),
                lines -> lines.contains("sleep 4321") && lines.contains("until test"));
        // Its end is its end.
        exec("watched", "look", "touch", "/end");
        JsonNode end = node.await(
                () -> node.get("watched")
                        .path("status")
                        .path("ephemeralContainerStatuses")
                        .path(0),
                look -> look.path("state").has("terminated"));
        assertThat(end.path("restartCount").intValue(-1)).isZero();
        assertThat(node.container("watched").path("state").has("running")).isTrue();
        remove("watched");
    }

    @Test
    void aRunningContainerGetsMore() {
        node.pod(
                "grows",
                "{containers:[{name:'main',image:'busybox',imagePullPolicy:'Never',command:['sleep','1000'],"
                        + "resources:{requests:{cpu:'100m',memory:'32Mi'},limits:{cpu:'200m',memory:'64Mi'}},"
                        + "resizePolicy:[{resourceName:'memory',restartPolicy:'RestartContainer'}]}]}");
        node.awaitReady("grows");
        JsonNode before = node.container("grows");
        assertThat(before.path("allocatedResources").path("cpu").stringValue()).isEqualTo("100m");
        String quota = "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2>/dev/null || cut -d' ' -f1 /sys/fs/cgroup/cpu.max";
        assertThat(exec("grows", "main", "sh", "-c", quota)).isEqualTo("20000\n");
        resize("grows", "{requests:{cpu:'150m'},limits:{cpu:'500m'}}");
        node.awaitContainer(
                "grows",
                c -> c.path("resources")
                        .path("limits")
                        .path("cpu")
                        .stringValue("")
                        .equals("500m"));
        assertThat(exec("grows", "main", "sh", "-c", quota)).isEqualTo("50000\n");
        assertThat(node.container("grows").path("restartCount").intValue(-1)).isZero();
        assertThat(node.container("grows")
                        .path("allocatedResources")
                        .path("cpu")
                        .stringValue())
                .isEqualTo("150m");

        resize("grows", "{limits:{memory:'80Mi'}}");
        node.awaitContainer(
                "grows",
                c -> c.path("restartCount").intValue(0) == 1
                        && c.path("resources")
                                .path("limits")
                                .path("memory")
                                .stringValue("")
                                .equals("80Mi"));

        resize("grows", "{requests:{cpu:'900'},limits:{cpu:'1000'}}");
        JsonNode pending = node.await(
                () -> Conditions.find(node.get("grows").path("status").path("conditions"), "PodResizePending"),
                JsonNode::isObject);
        assertThat(pending.path("reason").stringValue()).isEqualTo("Infeasible");
        assertThat(pending.path("message").stringValue())
                .startsWith("Node didn't have enough capacity: cpu, requested: 900000, capacity: ");
        resize("grows", "{requests:{cpu:'150m'},limits:{cpu:'500m'}}");
        node.await(
                () -> Conditions.find(node.get("grows").path("status").path("conditions"), "PodResizePending"),
                JsonNode::isMissingNode);
        remove("grows");
    }

    private static void resize(String pod, String resources) {
        node.api.patch(
                SmallNode.target(pod).withSubresource("resize"),
                new Patch.Strategic(SmallNode.json("{spec:{containers:[{name:'main',resources:" + resources + "}]}}")),
                WriteOptions.by("tester"));
    }
}
