package io.jollyboat.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PipeTest {
    private static final Duration BOUND = Duration.ofSeconds(20);

    @Test
    void everythingArrivesInOrderHoweverSmallTheLimit() throws Exception {
        byte[] sent = new byte[100_000];
        new Random(1).nextBytes(sent);
        Pipe pipe = new Pipe(1000);
        Task writer = World.system().start("writer", () -> {
            try {
                pipe.write(sent, 0, 77);
                pipe.write(sent, 77, sent.length - 77);
                pipe.end();
            } catch (InterruptedIOException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(pipe.readAllBytes()).isEqualTo(sent);
        assertThat(writer.join(BOUND)).isTrue();
        assertThat(pipe.read()).isEqualTo(-1);
    }

    @Test
    void aWriterThatIsAheadWaitsUntilTheReaderCloses() throws Exception {
        Pipe pipe = new Pipe(10);
        Task writer = World.system().start("writer", () -> {
            try {
                pipe.write(new byte[100], 0, 100);
            } catch (InterruptedIOException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(pipe.read()).isZero();
        assertThat(writer.ended()).isFalse();
        pipe.close();
        assertThat(writer.join(BOUND)).isTrue();
        assertThat(pipe.read()).isEqualTo(-1);
    }

    @Test
    void aCancelledWriterStops() throws IOException, InterruptedException {
        Pipe pipe = new Pipe(1);
        Task writer = World.system().start("writer", () -> {
            try {
                pipe.write(new byte[3], 0, 3);
            } catch (InterruptedIOException e) {
                pipe.end();
            }
        });
        assertThat(pipe.read()).isZero();
        writer.cancel();
        assertThat(writer.join(BOUND)).isTrue();
        assertThat(pipe.readAllBytes()).hasSizeLessThan(2);
    }
}
