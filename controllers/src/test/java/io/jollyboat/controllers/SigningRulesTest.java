package io.jollyboat.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.controllers.CertificateAuthority.Asked;
import io.jollyboat.controllers.CertificateAuthority.NameKind;
import io.jollyboat.controllers.SigningRules.Approval;
import io.jollyboat.testing.Cases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case has a request, and what the signer says of it. */
class SigningRulesTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

    static List<Cases.Case> cases() {
        return Cases.read(SigningRulesTest.class, "signing.cases");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aSignerSignsOnlyWhatItIsFor(Cases.Case each) {
        List<String> lines = each.part(0).lines().toList();
        Asked asked = new Asked(
                lines.get(1),
                words(lines.get(2), " "),
                words(lines.get(3), " ").stream().map(NameKind::valueOf).collect(Collectors.toSet()));
        assertThat(SigningRules.refusal(lines.get(0), asked, words(lines.get(4), ", "))
                        .orElse("signed"))
                .isEqualTo(each.part(1));
    }

    private static List<String> words(String line, String separator) {
        return line.equals("-") ? List.of() : List.of(line.split(separator));
    }

    @Test
    void onlyNodesNeedNobodysApproval() {
        Asked node = new Asked("system:node:n1", List.of("system:nodes"), Set.of());
        assertThat(rights(request(SigningRules.KUBELET_CLIENT, "system:node:n1"), node))
                .containsExactly("selfnodeclient", "nodeclient");
        assertThat(rights(request(SigningRules.KUBELET_CLIENT, "system:bootstrap:x"), node))
                .containsExactly("nodeclient");
        assertThat(rights(request(SigningRules.KUBELET_SERVING, "system:node:n1"), node))
                .isEmpty();
        assertThat(rights(request(SigningRules.CLIENT, "system:node:n1"), node)).isEmpty();
    }

    private static List<String> rights(SigningRequest request, Asked asked) {
        return SigningRules.approvals(request, asked).stream()
                .map(Approval::right)
                .toList();
    }

    private static SigningRequest request(String signer, String user, Condition... conditions) {
        return new SigningRequest(
                Metadata.of(SmallCluster.json("{metadata:{name:'r',uid:'u'}}")),
                "1",
                CREATED,
                SmallCluster.json("{signerName:'" + signer + "',username:'" + user
                        + "',usages:['digital signature','client auth']}"),
                List.of(conditions),
                "");
    }

    @Test
    void nobodyGetsMoreThanAYearNorLessThanTenMinutes() {
        assertThat(Stream.of(Optional.<Long>empty(), Optional.of(1L), Optional.of(3600L), Optional.of(1L << 31))
                        .map(SigningRules::life))
                .containsExactly(
                        Duration.ofDays(365), Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofDays(365));
    }

    @Test
    void whatIsDoneIsForgottenAfterAnHourAndWhatWaitsAfterADay() {
        assertThat(SigningRules.end(request(SigningRules.CLIENT, "ann"))).isEqualTo(CREATED.plus(Duration.ofDays(1)));
        Instant later = CREATED.plusSeconds(60);
        assertThat(SigningRules.end(request(SigningRules.CLIENT, "ann", condition("Denied", later))))
                .isEqualTo(later.plus(Duration.ofHours(1)));
        assertThat(SigningRules.end(request(SigningRules.CLIENT, "ann", condition("Approved", later))))
                .isEqualTo(later.plus(Duration.ofDays(1)));
        assertThat(SigningRules.end(
                        request(SigningRules.CLIENT, "ann", condition("Approved", later), condition("Failed", later))))
                .isEqualTo(later.plus(Duration.ofHours(1)));
    }

    private static Condition condition(String type, Instant time) {
        return Condition.now(type, Condition.TRUE, "Because", "", time);
    }
}
