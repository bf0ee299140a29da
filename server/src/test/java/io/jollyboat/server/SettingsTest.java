package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {
    @Test
    void defaults() {
        assertThat(Settings.DEFAULT)
                .isEqualTo(new Settings(
                        List.of("10.43.0.0/16"),
                        30000,
                        32767,
                        "cluster.local",
                        "10.43.0.10",
                        List.of("10.41.0.1"),
                        6443,
                        Duration.ofMinutes(1)));
    }

    @Test
    void rangesCountWithoutTheirEnds() {
        AddressRange range = AddressRange.parse("10.96.0.0/29");
        assertThat(range.usable()).isEqualTo(6);
        assertThat(range.address(1)).isEqualTo("10.96.0.1");
        assertThat(range.offset("10.96.0.6")).isEqualTo(6);
        assertThat(range.offset("10.96.0.8")).isNegative();
        assertThat(range.offset("10.96.0.01")).isNegative();
        assertThat(range.offset("fd00::1")).isNegative();
        AddressRange six = AddressRange.parse("fd00:10:43::/112");
        assertThat(six.usable()).isEqualTo(65535);
        assertThat(six.address(300)).isEqualTo("fd00:10:43::12c");
        assertThat(six.offset("fd00:10:43:0:0:0:0:ffff")).isEqualTo(65535);
        assertThat(six.offset("fd00:10:43::1:0")).isNegative();
        assertThat(six.offset("10.96.0.1")).isNegative();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.96.0.0", "10.96.0.1/16", "10.96.0.0/31", "fd00::/100", "fd00::1/112", "10.0.0.0/4"})
    void wrongRangesAreRefused(String cidr) {
        assertThatThrownBy(() -> AddressRange.parse(cidr)).isInstanceOf(IllegalArgumentException.class);
    }
}
