package io.jollyboat.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    static List<List<String>> quantities() {
        return Table.rows(QuantityTest.class, "quantities.txt");
    }

    @ParameterizedTest
    @MethodSource("quantities")
    void readsAndWrites(List<String> row) {
        Quantity quantity = quantity(row.get(0));
        assertThat(quantity).hasToString(row.get(1));
        assertThat(quantity.units()).isEqualTo(Long.parseLong(row.get(2)));
        assertThat(quantity.milli()).isEqualTo(Long.parseLong(row.get(3)));
        assertThat(quantity(quantity.toString())).isEqualTo(quantity).hasSameHashCodeAs(quantity);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "1 Mi", "Mi", ".", "-", "1.2.3", "--1", "1,5", "abc", "0x10", "1MI", "1K", "1mi", "1e", "1M5"
            })
    void whatIsNoQuantityIsRefused(String text) {
        assertThat(Quantity.parse(text)).isEmpty();
        assertThat(Quantity.parse("1".repeat(101))).isEmpty();
    }

    private static Quantity quantity(String text) {
        return Quantity.parse(text).orElseThrow();
    }

    @Test
    void calculates() {
        Quantity sum = quantity("500m").plus(quantity("1.5"));
        assertThat(sum).hasToString("2").isEqualTo(Quantity.of(2));
        assertThat(Quantity.ZERO.plus(quantity("1Gi"))).hasToString("1Gi");
        assertThat(quantity("1Gi").minus(quantity("1Mi"))).hasToString("1023Mi");
        assertThat(Quantity.ofBytes(2048)).hasToString("2Ki");
        assertThat(Quantity.ofMilli(100)).isLessThan(Quantity.of(1)).hasToString("100m");
        assertThat(quantity("100m").times(3)).hasToString("300m");
        assertThat(quantity("1u").roundedToMilli()).hasToString("1m");
        assertThat(quantity("9E").plus(quantity("9E")).units()).isEqualTo(Long.MAX_VALUE);
        assertThat(Quantity.of(1).minus(Quantity.of(2)).isNegative()).isTrue();
    }
}
