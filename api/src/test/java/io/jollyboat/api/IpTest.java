package io.jollyboat.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTest {
    @ParameterizedTest
    @CsvSource({
        "10.43.0.1, 10.43.0.1",
        "255.255.255.255, 255.255.255.255",
        "fd00:10:43::1, fd00:10:43::1",
        "FD00:0010:0043:0:0:0:0:0A, fd00:10:43::a",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "::ffff:192.0.2.33, 192.0.2.33"
    })
    void eachHasOneCanonicalForm(String text, String canonical) throws Exception {
        Ip ip = Ip.parse(text);
        assertThat(ip).hasToString(canonical);
        assertThat(Ip.parse(canonical)).isEqualTo(ip);
        assertThat(ip.bytes()).isEqualTo(InetAddress.ofLiteral(text).getAddress());
        assertThat(Ip.of(ip.bytes())).isEqualTo(ip);
        assertThat(ip.isIpv4()).isEqualTo(canonical.indexOf(':') < 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.256",
                "1.2.3.4.5",
                "01.2.3.4",
                "1.2.3.4/32",
                "a.b.c.d",
                ":",
                ":1",
                "1:",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4::5:6:7:8",
                "fe80::1%eth0",
                "[::1]",
                "g::",
                "12345::",
                "::1.2.3"
            })
    void othersAreNone(String text) {
        assertThat(Ip.read(text)).isEmpty();
    }

    @Test
    void theyAreOrderedAndCount() {
        assertThat(Ip.parse("fd00::1").plus(15)).isEqualTo(Ip.parse("fd00::10"));
        assertThat(Ip.parse("10.0.0.255").plus(1)).isEqualTo(Ip.parse("10.0.1.0"));
        assertThat(Ip.parse("fd00::1")).isGreaterThan(Ip.parse("10.0.0.1")).isLessThan(Ip.parse("fd00::ffff"));
    }
}
