package io.jollyboat.api.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Quantity;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.util.List;
import java.util.Optional;

/** Amounts of resources. */
class QuantityFuzzTest extends FuzzContract {
    QuantityFuzzTest() {
        super("quantities.txt");
    }

    @Override
    protected List<String> words() {
        return List.of(
                "1",
                "0",
                ".",
                "-",
                "+",
                "e",
                "E",
                "n",
                "u",
                "m",
                "k",
                "Ki",
                "Mi",
                "Gi",
                "Ti",
                "Pi",
                "Ei",
                "e3",
                "E-9",
                "999",
                "9223372036854775807",
                "000000",
                "0.0000000001");
    }

    @Override
    protected void take(byte[] input) {
        Optional<Quantity> parsed = Quantity.parse(Bodies.text(input));
        if (parsed.isEmpty()) {
            return;
        }
        Quantity quantity = parsed.get();
        assertThat(Quantity.parse(quantity.toString())).contains(quantity);
        assertThat(Quantity.parse(quantity.toString()).orElseThrow()).hasToString(quantity.toString());
        assertThat(quantity.plus(quantity).minus(quantity).toString()).isNotEmpty();
        assertThat(quantity.plus(Quantity.ZERO)).isEqualTo(quantity).hasSameHashCodeAs(quantity);
        assertThat(quantity.times(3).toString()).isNotEmpty();
        assertThat(quantity.roundedToMilli().toString()).isNotEmpty();
        assertThat(quantity.milli() >= quantity.units() || quantity.isNegative())
                .isTrue();
    }
}
