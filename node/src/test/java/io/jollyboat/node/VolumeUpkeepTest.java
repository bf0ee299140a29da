package io.jollyboat.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.api.Api;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.schema.BuiltInSchema;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.server.Server;
import io.jollyboat.server.User;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.world.ManualWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Volumes that show what changes: tokens over time, modes, items, and which objects are followed. */
class VolumeUpkeepTest {
    private static final String TOKEN =
            "{projected:{sources:[{serviceAccountToken:{path:'token',expirationSeconds:%d}}]},name:'v'}";
    private final ManualWorld world = new ManualWorld(Instant.parse("2026-01-01T00:00:00Z"), 1);
    private int issued;
    private boolean refusing;
    private Api api;

    @TempDir
    Path folder;

    @BeforeEach
    void serve() {
        api = Server.over(world, new MemoryStore(), BuiltInSchema.schema())
                .tokens(internal -> (user, account, request) -> {
                    if (refusing) {
                        throw StatusException.of(StatusException.Reason.INTERNAL_ERROR, "not now");
                    }
                    ObjectNode answer = request.deepCopy();
                    long seconds =
                            request.path("spec").path("expirationSeconds").longValue(0);
                    answer.putObject("status")
                            .put("token", "token " + ++issued)
                            .put(
                                    "expirationTimestamp",
                                    world.now().plusSeconds(seconds).toString());
                    return answer;
                })
                .build()
                .as(User.component("tester"));
        create("Namespace", "", "{metadata:{name:'default'}}");
        create("ServiceAccount", "default", "{metadata:{name:'default'}}");
        create("ConfigMap", "default", "{metadata:{name:'settings'},data:{a:'one',b:'two'}}");
        create("Secret", "default", "{metadata:{name:'hidden'},stringData:{key:'s3cret'}}");
    }

    private void create(String kind, String namespace, String text) {
        api.create(
                io.jollyboat.api.Resources.kind("v1", kind),
                namespace,
                SmallNode.json(text),
                WriteOptions.by("tester"));
    }

    private static Pod pod(String spec) {
        ObjectNode pod = SmallNode.json(
                "{metadata:{name:'p',namespace:'default',uid:'u',labels:{app:'x'},annotations:{note:'a\\nb'}}}");
        pod.set("spec", SmallNode.json(spec));
        return new Pod(pod);
    }

    private Volumes volumes(Pod pod) {
        return new Volumes(pod, new PodFiles(folder, folder), new Lookup(api), world);
    }

    static NodeHost host(Path folder) {
        return new NodeHost(
                "n",
                List.of("10.0.0.1"),
                List.of("10.1.0.0/24"),
                folder,
                folder,
                "/c",
                NetworkNamespace.open(Path.of("/proc/self/ns/net")));
    }

    private void mount(Pod pod, Volumes volumes) {
        volumes.mount(new DownwardApi(pod, host(folder), new Capacity(2, 1 << 30, 1 << 30), List.of()));
    }

    private Path file(String name) {
        return folder.resolve("volumes/v").resolve(name);
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file(name)));
    }

    @Test
    void aTokenIsRenewedInTimeAndWhenTheClockJumps() throws IOException {
        Pod pod = pod("{volumes:[" + TOKEN.formatted(1000) + "]}");
        Volumes volumes = volumes(pod);
        assertThat(volumes.renewal(world.now())).isEqualTo(Volumes.NEVER);
        mount(pod, volumes);
        assertThat(file("token")).hasContent("token 1");
        assertThat(volumes.renewal(world.now())).hasSeconds(800);
        world.advance(Duration.ofSeconds(799));
        mount(pod, volumes);
        assertThat(file("token")).hasContent("token 1");
        world.advance(Duration.ofSeconds(2));
        mount(pod, volumes);
        assertThat(file("token")).hasContent("token 2");
        world.jump(Duration.ofDays(3));
        mount(pod, volumes);
        assertThat(file("token")).hasContent("token 3");
        world.jump(Duration.ofDays(-30));
        assertThat(volumes.renewal(world.now())).isZero();
        mount(pod, volumes);
        assertThat(file("token")).hasContent("token 4");
        mount(pod, volumes);
        assertThat(file("token")).hasContent("token 4");
    }

    @Test
    void aTokenIsRenewedAfterADayHoweverLongItLives() {
        Pod pod = pod("{volumes:[" + TOKEN.formatted(1_000_000) + "]}");
        Volumes volumes = volumes(pod);
        mount(pod, volumes);
        assertThat(volumes.renewal(world.now())).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void anOldTokenServesUntilItEndsWhenThereIsNoNewOne() {
        Pod pod = pod("{volumes:[" + TOKEN.formatted(1000) + "]}");
        Volumes volumes = volumes(pod);
        mount(pod, volumes);
        refusing = true;
        world.advance(Duration.ofSeconds(900));
        mount(pod, volumes);
        assertThat(file("token")).hasContent("token 1");
        assertThat(volumes.renewal(world.now())).hasSeconds(60);
        world.advance(Duration.ofSeconds(101));
        assertThatThrownBy(() -> mount(pod, volumes))
                .isInstanceOf(ConfigException.class)
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : not now");
    }

    @Test
    void filesHaveTheirModes() throws IOException {
        Pod pod = pod("""
                {volumes:[{name:'v',projected:{defaultMode:256,sources:[
                  {configMap:{name:'settings',items:[{key:'a',path:'deep/a'},{key:'b',path:'b',mode:511}]}},
                  {secret:{name:'hidden'}},{secret:{name:'none',optional:true}},
                  {downwardAPI:{items:[{path:'labels',fieldRef:{fieldPath:'metadata.labels'}},
                    {path:'note',mode:416,fieldRef:{fieldPath:"metadata.annotations['note']"}},
                    {path:'memory',resourceFieldRef:{containerName:'c',resource:'limits.memory',divisor:'1Mi'}}]}},
                  {serviceAccountToken:{path:'token'}}]}}],
                 containers:[{name:'c',resources:{limits:{memory:'64Mi'}}}]}""");
        mount(pod, volumes(pod));
        assertThat(Map.of("a", mode("deep/a"), "b", mode("b"), "key", mode("key"), "token", mode("token")))
                .isEqualTo(Map.of("a", "r--------", "b", "rwxrwxrwx", "key", "r--------", "token", "r--------"));
        assertThat(mode("labels") + " " + mode("note")).isEqualTo("r-------- rw-r-----");
        assertThat(file("labels")).hasContent("app=\"x\"");
        assertThat(file("note")).hasContent("a\nb");
        assertThat(file("memory")).hasContent("64");
    }

    @Test
    void whatIsMissingIsSaid() {
        says("configMap:{name:'none'}", "configmap \"none\" not found");
        says("configMap:{name:'settings',items:[{key:'z',path:'z'}]}", "references non-existent config key: z");
        says("secret:{secretName:'none'}", "secret \"none\" not found");
        says("secret:{secretName:'hidden',items:[{key:'z',path:'z'}]}", "references non-existent secret key: z");
    }

    private void says(String volume, String words) {
        Pod pod = pod("{volumes:[{name:'v'," + volume + "}]}");
        assertThatThrownBy(() -> mount(pod, volumes(pod)))
                .hasMessage("MountVolume.SetUp failed for volume \"v\" : " + words);
    }

    @Test
    void whoMayReadATokenDependsOnWhoTheContainersAre() {
        assertThat(Volumes.user(pod("{containers:[{name:'c'}]}"))).isEmpty();
        assertThat(Volumes.user(pod("{securityContext:{runAsUser:7},containers:[{name:'c'}]}")))
                .contains(7L);
        assertThat(Volumes.user(pod("""
                {securityContext:{runAsUser:7},containers:[{name:'c'},{name:'d',securityContext:{runAsUser:8}}]}"""))).isEmpty();
        assertThat(Volumes.user(pod("""
                {containers:[{name:'c',securityContext:{runAsUser:8}},{name:'d',securityContext:{runAsUser:8}}]}"""))).contains(8L);
    }

    @Test
    void onlyConfigMapsAndSecretsThatVolumesShowAreFollowed() {
        assertThat(Volumes.references(pod("""
                        {volumes:[{name:'v',configMap:{name:'a'}},{name:'w',secret:{secretName:'b'}},{name:'e',emptyDir:{}},
                          {name:'p',projected:{sources:[{configMap:{name:'c'}},{secret:{name:'d'}},
                            {serviceAccountToken:{path:'t'}}]}}],
                         containers:[{name:'c',envFrom:[{configMapRef:{name:'not-this'}}]}]}""")))
                .extracting(References.Reference::name)
                .containsExactlyInAnyOrder("a", "b", "c", "d");
    }
}
