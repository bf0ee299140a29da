package io.jollyboat.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The project's own Java files, as text and as syntax trees. */
final class Sources {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private Sources() {}

    /** The files of {@code main} or of {@code test}, every module's. */
    static List<Path> of(String sourceSet) {
        try (Stream<Path> modules = Files.list(ROOT)) {
            List<Path> found = new ArrayList<>();
            for (Path module : modules.sorted().toList()) {
                Path folder = module.resolve("src/" + sourceSet + "/java");
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(f -> f.toString().endsWith(".java"))
                                .sorted()
                                .forEach(found::add);
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses the files (without resolving names) and hands each tree on, with what finds positions in it. */
    static void parse(List<Path> files, BiConsumer<CompilationUnitTree, Trees> each) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    problem -> {},
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                each.accept(unit, trees);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String shortName(Path file) {
        return ROOT.relativize(file.toAbsolutePath()).toString();
    }
}
