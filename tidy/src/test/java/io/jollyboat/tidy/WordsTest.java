package io.jollyboat.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.util.TreeScanner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Names say what a thing is; time, chance and threads come in through {@code World}. */
class WordsTest {
    private static final Pattern EMPTY_NAME =
            Pattern.compile(".*(Impl|Manager|Helper|Util|Utils|Common|Data|Info)|(Base|Abstract)[A-Z].*");

    private static final Pattern DOOR = Pattern.compile(
            "\\b(Instant\\.now|Thread\\.sleep|new Random\\b|UUID\\.randomUUID|System\\.nanoTime|System\\.currentTimeMillis"
                    + "|LocalDateTime\\.now|ZonedDateTime\\.now|OffsetDateTime\\.now|Clock\\.system|ThreadLocalRandom"
                    + "|Math\\.random|Thread\\.ofVirtual|Thread\\.startVirtualThread|Thread\\.ofPlatform|new Thread\\b)");

    /** Where the world itself is made, and threads that the operating system's own rules ask for. */
    private static final Map<String, String> ALLOWED = Map.of(
            "world/", "is the door",
            "linux/", "a network namespace belongs to a platform thread",
            "bench/", "measures",
            "testing/", "runs tests");

    @Test
    void noClassHasANameThatSaysNothing() {
        List<String> found = new ArrayList<>();
        List<Path> files = new ArrayList<>(Sources.of("main"));
        files.addAll(Sources.of("test"));
        Sources.parse(
                files,
                (unit, trees) -> unit.accept(
                        new TreeScanner<Void, Void>() {
                            @Override
                            public Void visitClass(ClassTree tree, Void unused) {
                                String name = tree.getSimpleName().toString();
                                if (EMPTY_NAME.matcher(name).matches()) {
                                    found.add(name);
                                }
                                return super.visitClass(tree, unused);
                            }
                        },
                        null));
        assertThat(found).isEmpty();
    }

    @Test
    void timeChanceAndTasksComeThroughTheWorld() {
        List<String> found = new ArrayList<>();
        for (Path file : Sources.of("main")) {
            String name = Sources.shortName(file);
            if (ALLOWED.keySet().stream().anyMatch(name::startsWith)) {
                continue;
            }
            List<String> lines = Sources.text(file).lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                boolean comment = line.startsWith("*") || line.startsWith("//") || line.startsWith("/*");
                if (!comment && DOOR.matcher(line).find()) {
                    found.add(name + ":" + (i + 1) + " " + line);
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everyPackageIsNullMarkedAndEveryModuleHasItsPage() {
        List<String> missing = new ArrayList<>();
        for (Path file : Sources.of("main")) {
            Path marks = file.resolveSibling("package-info.java");
            if (!Files.exists(marks) || !Sources.text(marks).contains("@NullMarked")) {
                missing.add(Sources.shortName(marks));
            }
            Path module = Sources.ROOT.resolve(Sources.ROOT.relativize(file).getName(0));
            if (!Files.exists(module.resolve("README.md"))) {
                missing.add(Sources.shortName(module.resolve("README.md")));
            }
        }
        assertThat(missing.stream().distinct()).isEmpty();
    }
}
