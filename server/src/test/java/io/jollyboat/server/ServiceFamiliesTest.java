package io.jollyboat.server;

import static io.jollyboat.server.Fixture.SERVICE;
import static io.jollyboat.server.Fixture.json;
import static io.jollyboat.server.Fixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.StatusException;
import io.jollyboat.store.MemoryStore;
import io.jollyboat.testing.Cases;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Which families of addresses Services have, as {@code families.cases} tells. */
final class ServiceFamiliesTest {
    private static final String IPV4 = "10.43.0.0/16";
    private static final String IPV6 = "fd00:10:43::/112";
    private static final Map<String, List<String>> CLUSTERS = Map.of(
            "single", List.of(IPV4),
            "dual", List.of(IPV4, IPV6),
            "six-first", List.of(IPV6, IPV4));

    static List<Cases.Case> cases() {
        return Cases.read(ServiceFamiliesTest.class, "families.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void familiesAreAsWritten(Cases.Case example) {
        List<String> writes = example.part(0).lines().toList();
        String cluster = writes.getFirst().substring(0, writes.getFirst().indexOf(':'));
        Fixture fixture = new Fixture(new MemoryStore(), Settings.DEFAULT.withServiceCidrs(CLUSTERS.get(cluster)));
        String found = "";
        for (int i = 0; i < writes.size(); i++) {
            String line = writes.get(i);
            boolean patch = line.startsWith("patch:");
            String spec = "spec:{" + quoted(line.substring(line.indexOf(':') + 1)) + "}";
            try {
                ObjectNode stored;
                if (i == 0) {
                    stored = fixture.create(SERVICE, "{metadata:{name:'s'}," + spec + "}");
                } else if (patch) {
                    stored = fixture.merge(SERVICE, "s", "{" + spec + "}");
                } else {
                    stored = fixture.update(SERVICE, json("{metadata:{name:'s'}," + spec + "}"));
                }
                found = text(stored.path("spec"), example.part(1));
            } catch (StatusException e) {
                assertThat(i).as(String.valueOf(e.getMessage())).isEqualTo(writes.size() - 1);
                found = String.valueOf(e.getMessage())
                        .replaceFirst("^Service \"s\" is invalid: ", "")
                        .replaceAll("^\\[|]$", "");
            }
        }
        assertThat(found.strip()).isEqualTo(example.part(1).strip());
    }

    /** Words that stand for themselves in YAML want quotes in JSON. */
    private static String quoted(String yaml) {
        return yaml.replaceAll("(?<=[ \\[{])(?!null)([A-Za-z][A-Za-z0-9.]*)(?=[,}\\]]|$)", "\"$1\"");
    }

    /** With addresses cut to what is written of them: the rest is chance. */
    private static String text(JsonNode spec, String wanted) {
        String[] part = (wanted + "   ").split(" ", -1);
        String[] prefixes = part[2].split(",");
        List<String> addresses = ServiceShape.texts(spec.path("clusterIPs"));
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < addresses.size(); i++) {
            String prefix = i < prefixes.length ? prefixes[i] : "";
            boolean cut = prefix.matches(".*[.:]") && addresses.get(i).startsWith(prefix);
            shown.append(i == 0 ? "" : ",").append(cut ? prefix : addresses.get(i));
        }
        assertThat(spec.path("clusterIP").asString("")).isEqualTo(addresses.isEmpty() ? "" : addresses.getFirst());
        return spec.path("ipFamilyPolicy").asString("") + " "
                + String.join(",", ServiceShape.texts(spec.path("ipFamilies"))) + " " + shown;
    }

    @Test
    void bothAddressesAreGivenOnceAndFreedTogether() {
        List<String> tiny = List.of("10.43.0.0/30", "fd00:10:43::/126");
        Fixture small = new Fixture(new MemoryStore(), Settings.DEFAULT.withServiceCidrs(tiny));
        String dual = "{metadata:{name:'%s'},spec:{ipFamilyPolicy:'RequireDualStack',ports:[{port:1}]}}";
        small.create(SERVICE, dual.formatted("a"));
        small.create(SERVICE, dual.formatted("b"));
        assertThat(refused(() -> small.create(SERVICE, dual.formatted("c"))).message())
                .contains("failed to allocate a serviceIP: range is full");
        String six = "{metadata:{name:'%s'},spec:{ipFamilies:['IPv6'],ports:[{port:1}]}}";
        small.create(SERVICE, six.formatted("c"));
        assertThat(refused(() -> small.create(SERVICE, six.formatted("d"))).message())
                .contains("range is full");
        small.delete(SERVICE, "a");
        small.create(SERVICE, dual.formatted("e"));
    }

    @Test
    void whoPrefersTwoKeepsWhatItHasWhenTheClusterChanges() {
        MemoryStore store = new MemoryStore();
        Fixture dual = new Fixture(store, Settings.DEFAULT.withServiceCidrs(List.of(IPV4, IPV6)));
        dual.create(SERVICE, "{metadata:{name:'two'},spec:{ipFamilyPolicy:'PreferDualStack',ports:[{port:1}]}}");
        Fixture single = new Fixture(store, Settings.DEFAULT);
        single.create(SERVICE, "{metadata:{name:'one'},spec:{ipFamilyPolicy:'PreferDualStack',ports:[{port:1}]}}");
        assertThat(single.merge(SERVICE, "two", "{metadata:{labels:{a:'b'}}}").at("/spec/clusterIPs"))
                .hasSize(2);
        Fixture again = new Fixture(store, Settings.DEFAULT.withServiceCidrs(List.of(IPV4, IPV6)));
        assertThat(again.merge(SERVICE, "one", "{metadata:{labels:{a:'b'}}}").at("/spec/clusterIPs"))
                .hasSize(1);
        assertThat(again.merge(SERVICE, "one", "{spec:{ipFamilyPolicy:'RequireDualStack'}}")
                        .at("/spec/clusterIPs"))
                .hasSize(2);
    }
}
