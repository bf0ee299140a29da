package io.jollyboat.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceRangeTest {
    @ParameterizedTest
    @CsvSource({
        "'', 127.0.0.1, true",
        "127.0.0.0/8, 127.0.0.1, true",
        "127.0.0.0/8, 128.0.0.1, false",
        "10.0.0.0/9, 10.127.1.1, true",
        "10.0.0.0/9, 10.128.1.1, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::1/128, ::1, true",
        "::1/128, ::2, false",
        "10.0.0.0/8 127.0.0.1/32, 127.0.0.1, true",
        "10.0.0.0/8 127.0.0.1/32, 127.0.0.2, false",
    })
    void aClientIsInOneOfTheRangesOrNot(String ranges, String client, boolean allowed) {
        List<String> list = ranges.isEmpty() ? List.of() : List.of(ranges.split(" "));
        assertThat(SourceRange.allows(list, InetAddress.ofLiteral(client))).isEqualTo(allowed);
    }
}
