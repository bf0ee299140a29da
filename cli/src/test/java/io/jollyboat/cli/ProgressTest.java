package io.jollyboat.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jollyboat.world.World;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    @Test
    void aShortStepIsSilentAndALongOneIsNamed() {
        CountDownLatch named = new CountDownLatch(1);
        PrintStream out = new PrintStream(shown) {
            @Override
            public void println(String line) {
                super.println(line);
                named.countDown();
            }
        };
        Progress progress = new Progress(World.system(), out, false);
        assertThat(progress.step("short", () -> "done")).isEqualTo("done");
        assertThat(shown.toString()).isEmpty();
        boolean seen = progress.step("long", () -> await(named));
        assertThat(seen).isTrue();
        assertThat(shown.toString()).isEqualTo("long ...\n");
    }

    @Test
    void whatAStepThrowsPasses() {
        Progress progress = new Progress(World.system(), new PrintStream(shown), true);
        assertThatThrownBy(() -> progress.step("x", () -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
