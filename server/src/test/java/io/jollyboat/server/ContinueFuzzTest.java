package io.jollyboat.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.ListOptions;
import io.jollyboat.api.StatusException;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Where a list shall go on: tokens as clients might make them up, taken by a list. */
class ContinueFuzzTest extends FuzzContract {
    private final Fixture fixture = new Fixture();

    ContinueFuzzTest() {
        super("continue.txt");
        for (int i = 0; i < 5; i++) {
            fixture.create(Fixture.CONFIG_MAP, "{metadata:{name:'c" + i + "'}}");
        }
    }

    @Override
    protected List<String> words() {
        return List.of(
                "meta.k8s.io/v1", "\"rv\":", "\"start\":", "default/c2", "\\u0000", "-1", "9223372036854775807", "../");
    }

    @Override
    protected void take(byte[] input) {
        list(new String(input, StandardCharsets.UTF_8));
        list(Base64.getUrlEncoder().withoutPadding().encodeToString(input));
    }

    private void list(String token) {
        try {
            var page = fixture.api.list(Fixture.CONFIG_MAP, "default", new ListOptions("", "", "", "", 2, token));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(2);
        } catch (StatusException e) {
            assertThat(e.failure().reason().code()).isBetween(400, 499);
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
