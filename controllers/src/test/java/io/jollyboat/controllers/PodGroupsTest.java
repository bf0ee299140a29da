package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.client.Change;
import io.jollyboat.client.Key;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodGroupsTest {
    private static final List<Budget> BUDGETS =
            List.of(budget("{}"), budget("{matchLabels:{a:'1'}}"), budget("{matchLabels:{a:'2',b:'0'}}"));

    private static Budget budget(String selector) {
        return Budget.of(SmallCluster.json("{metadata:{name:'p',namespace:'n'},spec:{selector:" + selector + "}}"));
    }

    private static Pod pod(String name, Random random) {
        String owner = random.nextBoolean() ? "" : "{kind:'ReplicaSet',name:'r',uid:'r',controller:true}";
        return Pod.of(SmallCluster.json(
                "{metadata:{name:'%s',namespace:'%s',labels:{a:'%d',b:'%d'},ownerReferences:[%s]%s},status:{conditions:[{type:'Ready',status:'%s'}]}}"
                        .formatted(
                                name,
                                random.nextInt(4) == 0 ? "m" : "n",
                                random.nextInt(3),
                                random.nextInt(2),
                                owner,
                                random.nextInt(3) == 0 ? ",deletionTimestamp:'2026-01-01T00:00:00Z'" : "",
                                random.nextBoolean() ? "True" : "False")));
    }

    /** Whatever comes, changes and goes, the groups count what looking at each Pod would. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void groupsCountWhatIsThere(long seed) {
        Random random = new Random(seed);
        PodGroups groups = new PodGroups();
        Map<Key, Pod> present = new HashMap<>();
        for (int step = 0; step < 500; step++) {
            Pod pod = pod("p" + random.nextInt(20), random);
            Key key = pod.metadata().key();
            if (!present.containsKey(key)) {
                groups.changed(new Change.Added<>(key, pod));
                present.put(key, pod);
            } else if (random.nextBoolean()) {
                groups.changed(new Change.Modified<>(key, present.get(key), pod));
                present.put(key, pod);
            } else {
                groups.changed(new Change.Removed<>(key, present.remove(key)));
            }
            for (Budget budget : BUDGETS) {
                List<Pod> covered =
                        present.values().stream().filter(budget::covers).toList();
                List<PodGroups.Group> counted = groups.covered(budget);
                assertThat(counted.stream().mapToInt(PodGroups.Group::pods).sum())
                        .isEqualTo(covered.size());
                assertThat(counted.stream().mapToInt(PodGroups.Group::healthy).sum())
                        .isEqualTo((int) covered.stream()
                                .filter(each -> each.ready() && !each.metadata().deleting())
                                .count());
                assertThat(counted.stream()
                                .flatMap(group -> group.controller().stream())
                                .distinct()
                                .count())
                        .isEqualTo(covered.stream()
                                .flatMap(each -> each.metadata().controller().stream())
                                .distinct()
                                .count());
            }
        }
    }
}
