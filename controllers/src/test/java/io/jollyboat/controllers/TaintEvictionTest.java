package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaintEvictionTest {
    private static final Taint DEAD = new Taint("dead", "yes", Taint.NO_EXECUTE, "");
    private static final Taint SICK = new Taint("sick", "", Taint.NO_EXECUTE, "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                                  | PT0S",
                "{operator:'Exists'}                                               | ever",
                "{key:'dead',operator:'Exists'},{key:'sick',operator:'Exists'}     | ever",
                "{key:'dead',value:'yes'},{key:'sick',operator:'Exists'}           | ever",
                "{key:'dead',value:'no'},{key:'sick',operator:'Exists'}            | PT0S",
                "{key:'dead',operator:'Exists'}                                    | PT0S",
                "{key:'dead',operator:'Exists',effect:'NoSchedule'},{key:'sick',operator:'Exists'} | PT0S",
                "{operator:'Exists',tolerationSeconds:30}                          | PT30S",
                "{operator:'Exists',tolerationSeconds:-1}                          | PT0S",
                "{key:'dead',operator:'Exists',tolerationSeconds:9},{operator:'Exists',tolerationSeconds:30} | PT9S",
                "{key:'dead',operator:'Exists'},{key:'sick',operator:'Exists',tolerationSeconds:7} | PT7S",
            })
    void howLongAPodStays(String tolerations, String expected) {
        String list = tolerations == null ? "" : tolerations;
        var pod = SmallCluster.json("{metadata:{name:'p'},spec:{tolerations:[" + list + "]}}");
        String stays = TaintEviction.tolerated(List.of(DEAD, SICK), Toleration.all(pod))
                .map(Duration::toString)
                .orElse("ever");
        assertThat(stays).isEqualTo(expected);
    }

    @Test
    void nobodyLeavesForNoTaint() {
        assertThat(TaintEviction.tolerated(List.of(), List.of())).isEmpty();
    }
}
