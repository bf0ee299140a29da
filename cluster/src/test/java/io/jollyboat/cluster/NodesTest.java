package io.jollyboat.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.node.host.NodeLink;
import io.jollyboat.node.host.NodeSettings;
import io.jollyboat.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodesTest {
    @TempDir
    Path folder;

    private List<NodeSettings> nodes(int number) {
        return Nodes.all(Settings.named("blue").at(3, 7000, 7001).withNodes(number), new Folders(folder));
    }

    @Test
    void eachHasItsPlace() {
        List<NodeSettings> nodes = nodes(3);
        assertThat(nodes).extracting(NodeSettings::node).containsExactly("blue", "blue-2", "blue-3");
        assertThat(nodes).extracting(NodeSettings::id).containsExactly("blue", "blue.2", "blue.3");
        assertThat(nodes)
                .extracting(node -> node.primary().node())
                .containsExactly("10.41.3.2", "10.41.3.3", "10.41.3.4");
        assertThat(nodes)
                .extracting(node -> node.primary().podCidr())
                .containsExactly("10.42.0.0/24", "10.42.1.0/24", "10.42.2.0/24");
        assertThat(nodes).extracting(node -> node.primary().host()).containsOnly("10.41.3.1");
        assertThat(nodes).extracting(NodeSettings::folder).doesNotHaveDuplicates();
    }

    @Test
    void eachIsLinkedWithAllOthers() {
        List<NodeSettings> nodes = nodes(3);
        assertThat(nodes.get(1).links())
                .containsExactly(
                        new NodeLink("blue", "node-1", "node-2", nodes.get(0).addresses()),
                        new NodeLink("blue.3", "node-3", "node-2", nodes.get(2).addresses()));
        assertThat(nodes(1).getFirst().links()).isEmpty();
    }

    @Test
    void asManyAsFit() {
        assertThat(nodes(Settings.MOST_NODES)).hasSize(10);
        assertThatThrownBy(() -> nodes(0)).hasMessageContaining("from 1 to 10");
        assertThatThrownBy(() -> nodes(11)).hasMessageContaining("not 11");
    }

    @Test
    void whatIsDoneWithEachFailsOnlyOnceAllHaveEnded() {
        Set<String> done = ConcurrentHashMap.newKeySet();
        assertThatThrownBy(() -> Nodes.each(nodes(3), World.system(), node -> {
                    if (node.node().equals("blue")) {
                        throw new ClusterException("not this one");
                    }
                    done.add(node.node());
                }))
                .hasMessage("not this one");
        assertThat(done).containsExactlyInAnyOrder("blue-2", "blue-3");
    }
}
