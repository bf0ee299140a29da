package io.jollyboat.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resource;
import io.jollyboat.server.User;
import io.jollyboat.testing.Cases;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each case has objects and questions: {@code user[,group...] verb resource[/subresource] [group] namespace name answer},
 * with {@code -} for nothing; a path that is no resource stands alone after its verb.
 */
class RbacTest {
    static List<Cases.Case> cases() {
        return Cases.read(RbacTest.class, "rbac.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void rolesAndBindingsDecide(Cases.Case each) {
        AccessFixture cluster = new AccessFixture();
        AccessFixture.documents(each.part(0)).forEach(object -> AccessFixture.create(cluster.admin, object));
        Rbac rbac = new Rbac(cluster.server.internal());
        String answered = each.part(1)
                .lines()
                .map(line -> line.substring(0, line.lastIndexOf(' ') + 1) + answer(rbac, line.split(" +")))
                .collect(Collectors.joining("\n"));
        assertThat(answered).isEqualTo(each.part(1));
    }

    private static String answer(Rbac rbac, String[] words) {
        User user = AccessFixture.user(words[0]);
        boolean yes = words[2].startsWith("/")
                ? rbac.decidePath(user, words[1], words[2]).allowed()
                : rbac.decide(user, words[1], resource(words), none(words[4]), none(words[5]), sub(words[2]))
                        .allowed();
        return yes ? "yes" : "no";
    }

    private static Resource resource(String[] words) {
        String plural = words[2].split("/")[0];
        return new Resource(
                none(words[3]), "v1", plural, plural, plural, List.of(), true, Set.of(), List.of(), List.of());
    }

    private static String sub(String resource) {
        int slash = resource.indexOf('/');
        return slash < 0 ? "" : resource.substring(slash + 1);
    }

    private static String none(String word) {
        return word.equals("-") ? "" : word;
    }
}
