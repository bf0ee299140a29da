package io.jollyboat.testing.fuzz;

import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Jazzer calls, which finds the methods by their names: it makes the {@link FuzzContract} and gives it inputs. */
public final class JazzerDoor {
    private static @Nullable FuzzContract target;

    private JazzerDoor() {}

    /** Writes seeds and words for Jazzer: name of the class, folder of seeds, file of words. */
    public static void main(String[] args) throws Exception {
        FuzzContract made = made(args[0]);
        Path folder = Files.createDirectories(Path.of(args[1]));
        int number = 0;
        for (Seed seed : made.seeds()) {
            Files.write(folder.resolve("seed-" + number++), seed.bytes());
        }
        Files.writeString(
                Path.of(args[2]), made.words().stream().map(JazzerDoor::entry).collect(Collectors.joining()));
    }

    /** One line of libFuzzer's dictionary. */
    private static String entry(String word) {
        StringBuilder line = new StringBuilder("\"");
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            line.append("\\x%02x".formatted(b & 0xff));
        }
        return line + "\"\n";
    }

    private static FuzzContract made(String name) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(name).getDeclaredConstructor();
        constructor.setAccessible(true);
        return (FuzzContract) constructor.newInstance();
    }

    /** @param args name of the class */
    public static void fuzzerInitialize(String[] args) throws ReflectiveOperationException {
        target = made(args[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        FuzzContract present = target;
        if (present == null) {
            throw new IllegalStateException("fuzzerInitialize was not called");
        }
        present.take(input);
    }
}
