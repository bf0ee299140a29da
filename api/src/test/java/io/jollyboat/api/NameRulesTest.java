package io.jollyboat.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NameRulesTest {
    @Test
    void aSoundNameBreaksNoRule() {
        assertThat(NameRules.qualified("example.com/a.b_C")).isEmpty();
        assertThat(NameRules.labelValue("")).isEmpty();
        assertThat(NameRules.dnsLabel("a-1")).isEmpty();
        assertThat(NameRules.dns1035Label("a-1")).isEmpty();
        assertThat(NameRules.dnsSubdomain("a.b-c.d")).isEmpty();
    }

    @Test
    void eachBrokenRuleIsNamed() {
        assertThat(NameRules.qualified("/a")).containsExactly("prefix part must be non-empty");
        assertThat(NameRules.qualified("a/" + "b".repeat(64)))
                .containsExactly("name part must be no more than 63 bytes");
        assertThat(NameRules.qualified("a/b/c").getFirst()).startsWith("a valid label key must consist of");
        assertThat(NameRules.dnsLabel("a.b")).containsExactly("must not contain dots");
        assertThat(NameRules.dnsLabel("A").getFirst()).startsWith("a lowercase RFC 1123 label must consist of");
        assertThat(NameRules.dns1035Label("1a").getFirst()).startsWith("a DNS-1035 label must consist of");
        assertThat(NameRules.dnsSubdomain("a." + "b".repeat(300)))
                .containsExactly("must be no more than 253 characters");
        assertThat(NameRules.dnsSubdomain("A." + "b.".repeat(100_000))).hasSize(2);
        assertThat(NameRules.dnsSubdomainWithUnderscore("_tcp.a_b.c")).isEmpty();
        assertThat(NameRules.dnsSubdomainWithUnderscore("a_.b").getFirst()).contains("characters, '_', '-' or '.'");
        assertThat(NameRules.labelValue("-" + "b".repeat(63))).hasSize(2);
    }
}
