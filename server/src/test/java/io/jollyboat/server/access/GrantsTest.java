package io.jollyboat.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Api;
import io.jollyboat.api.StatusException;
import io.jollyboat.testing.Cases;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** Each case has what is there, what {@code ann} of the group {@code builders} then writes, and what she is told. */
class GrantsTest {
    static List<Cases.Case> cases() {
        return Cases.read(GrantsTest.class, "grants.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nobodyGivesAwayMoreThanOneHas(Cases.Case each) {
        AccessFixture cluster = new AccessFixture();
        AccessFixture.documents(each.part(0)).forEach(object -> AccessFixture.create(cluster.admin, object));
        Api ann = cluster.server.as(AccessFixture.user("ann,builders"));
        assertThat(told(ann, AccessFixture.yaml(each.part(1)))).isEqualTo(each.part(2));
    }

    /** Roles and bindings are created by an update too. */
    private static String told(Api api, ObjectNode object) {
        try {
            AccessFixture.write(api, object);
            return "ok";
        } catch (StatusException e) {
            return e.getMessage();
        }
    }
}
