package io.jollyboat.api.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.codec.Format;
import io.jollyboat.api.codec.Manifest;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.util.List;

/** YAML bodies, and manifests of several documents. */
class YamlFuzzTest extends FuzzContract {
    YamlFuzzTest() {
        super("yaml.txt");
    }

    @Override
    protected List<String> words() {
        return List.of(
                "a: ",
                "- ",
                "\n  ",
                "\n---\n",
                "...",
                "&a ",
                "*a",
                "<<: *a",
                "? ",
                "!!str ",
                "!!binary ",
                "!x ",
                "|",
                ">",
                "|2-\n",
                "0x1F",
                "0o17",
                "0b1",
                "1_000",
                ".inf",
                ".nan",
                "1e999",
                "~",
                "yes",
                "off",
                "{a: [",
                "\"\\x00\"",
                "\\uD800",
                "%YAML 1.1\n",
                "# ",
                "\t",
                "\u2028",
                "\ufeff",
                "1:30:00",
                "=",
                "2026-01-01");
    }

    /** Aliases make some of them dear. */
    @Override
    protected int mutations() {
        return 2_000;
    }

    @Override
    protected void take(byte[] input) {
        Bodies.decoded(Format.YAML, input).ifPresent(object -> {
            Bodies.readsTheSameAgain(object);
            Bodies.goesItsWay(object);
        });
        try {
            assertThat(Manifest.parts(Bodies.text(input)))
                    .allSatisfy(part -> assertThat(part.line()).isPositive());
        } catch (StatusException e) {
            Bodies.refused(e);
        }
    }
}
