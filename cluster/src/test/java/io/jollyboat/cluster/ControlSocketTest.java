package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.node.AgentSettings;
import io.jollyboat.node.NodeException;
import io.jollyboat.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of the socket, over nodes whose grounds never come up. */
class ControlSocketTest {
    @TempDir
    Path folder;

    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private LocalNodes nodes;
    private ControlSocket control;
    private NodeSwitch remote;

    /** A ground in the making until it is let go. */
    private final class Mire implements Ground.Maker {
        private final String name;

        Mire(String name) {
            this.name = name;
        }

        @Override
        public Ground make() {
            try {
                new CountDownLatch(1).await();
                throw new AssertionError();
            } catch (InterruptedException e) {
                throw new NodeException("interrupted", e);
            }
        }

        @Override
        public void end() {
            if (name.equals("jolly-3")) {
                throw new NodeException("something\nholds on to it");
            }
            ended.add(name);
        }
    }

    @BeforeEach
    void open() {
        Map<String, Ground.Maker> makers = new LinkedHashMap<>();
        for (String name : new String[] {"jolly", "jolly-2", "jolly-3"}) {
            makers.put(name, new Mire(name));
        }
        World world = World.system();
        nodes = new LocalNodes(makers, AgentSettings.of("10.43.0.10", "cluster.local", "v1"), world);
        Folders folders = new Folders(folder);
        control = ControlSocket.open(folders.control(), nodes, world);
        remote = new NodeSwitch(folders);
    }

    @AfterEach
    void close() throws Exception {
        control.close();
        nodes.close();
    }

    @Test
    void nodesAreSwitchedOnAndOff() {
        assertThat(remote.all().values()).containsOnly(NodeState.OFF).hasSize(3);
        nodes.start();
        assertThat(remote.all().values()).containsOnly(NodeState.STARTING);
        remote.off("jolly-2");
        assertThat(ended).containsExactly("jolly-2");
        assertThat(remote.all())
                .containsExactly(
                        Map.entry("jolly", NodeState.STARTING),
                        Map.entry("jolly-2", NodeState.OFF),
                        Map.entry("jolly-3", NodeState.STARTING));
        remote.off("jolly-2");
        assertThat(ended).as("nothing is left for certain").hasSize(2);
        remote.on("jolly-2");
        remote.on("jolly-2");
        assertThat(remote.all().values()).containsOnly(NodeState.STARTING);
    }

    @Test
    void whatCannotBeDoneIsOneSentence() {
        nodes.start();
        assertThatThrownBy(() -> remote.on("jolly-4"))
                .isInstanceOf(ClusterException.class)
                .hasMessage("there is no node jolly-4; there are: jolly, jolly-2, jolly-3");
        assertThatThrownBy(() -> remote.off("jolly-3")).hasMessage("something holds on to it");
        assertThat(control.answer("dance")).isEqualTo("it is not known what \"dance\" means\n");
    }

    @Test
    void onlyItsOwnerMayAsk() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("control"))))
                .isEqualTo("rw-------");
    }

    @Test
    void withoutAServerNobodyAnswers() throws Exception {
        control.close();
        assertThat(remote.isThere()).isFalse();
        assertThatThrownBy(remote::all).isInstanceOf(ClusterException.class).hasMessageContaining("does not answer");
    }
}
