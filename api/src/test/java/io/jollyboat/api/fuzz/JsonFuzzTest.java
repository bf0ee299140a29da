package io.jollyboat.api.fuzz;

import io.jollyboat.api.codec.Format;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.util.List;

/** JSON bodies. */
class JsonFuzzTest extends FuzzContract {
    JsonFuzzTest() {
        super("json.txt");
    }

    @Override
    protected List<String> words() {
        return Bodies.WORDS;
    }

    @Override
    protected void take(byte[] input) {
        Bodies.decoded(Format.JSON, input).ifPresent(object -> {
            if (!Bodies.hasNumberWithoutValue(object)) {
                Bodies.readsTheSameAgain(object);
            }
            Bodies.goesItsWay(object);
        });
    }
}
