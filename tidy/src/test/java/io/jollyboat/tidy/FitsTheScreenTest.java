package io.jollyboat.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is larger than a screen is cut: a method under 60 lines, a file under 500, nesting under 4. */
class FitsTheScreenTest {
    private static final int METHOD_LINES = 60;
    private static final int FILE_LINES = 500;
    private static final int NESTING = 4;

    @Test
    void everyFileIsShort() {
        List<String> tooLong = new ArrayList<>();
        for (String set : List.of("main", "test")) {
            for (Path file : Sources.of(set)) {
                long lines = Sources.text(file).lines().count();
                if (lines >= FILE_LINES) {
                    tooLong.add(Sources.shortName(file) + " has " + lines + " lines");
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    @Test
    void everyMethodIsShortAndShallow() {
        List<String> found = new ArrayList<>();
        List<Path> files = Sources.of("main");
        assertThat(files).isNotEmpty();
        Sources.parse(files, (unit, trees) -> unit.accept(new MethodScanner(unit, trees, found), null));
        assertThat(found).isEmpty();
    }

    private static final class MethodScanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final Trees trees;
        private final List<String> found;

        MethodScanner(CompilationUnitTree unit, Trees trees, List<String> found) {
            this.unit = unit;
            this.trees = trees;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            long lines = line(trees.getSourcePositions().getEndPosition(unit, method))
                    - line(trees.getSourcePositions().getStartPosition(unit, method))
                    + 1;
            String where = Sources.shortName(Path.of(unit.getSourceFile().toUri())) + " " + method.getName();
            if (lines >= METHOD_LINES) {
                found.add(where + " has " + lines + " lines");
            }
            NestingScanner nesting = new NestingScanner();
            if (method.getBody() != null) {
                method.getBody().accept(nesting, null);
            }
            if (nesting.deepest >= NESTING) {
                found.add(where + " nests " + nesting.deepest + " deep");
            }
            return super.visitMethod(method, unused);
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }

    /** Counts branches and loops inside each other; an {@code else if} is no deeper than its {@code if}. */
    private static final class NestingScanner extends TreeScanner<Void, Void> {
        private int depth;
        private int deepest;

        private Void deeper(Runnable inside) {
            depth++;
            deepest = Math.max(deepest, depth);
            inside.run();
            depth--;
            return null;
        }

        @Override
        public Void visitIf(IfTree tree, Void unused) {
            deeper(() -> scan(tree.getThenStatement(), unused));
            Tree otherwise = tree.getElseStatement();
            if (otherwise instanceof BlockTree) {
                deeper(() -> scan(otherwise, unused));
            } else if (otherwise != null) {
                scan(otherwise, unused);
            }
            return null;
        }

        @Override
        public Void visitForLoop(ForLoopTree tree, Void unused) {
            return deeper(() -> super.visitForLoop(tree, unused));
        }

        @Override
        public Void visitEnhancedForLoop(EnhancedForLoopTree tree, Void unused) {
            return deeper(() -> super.visitEnhancedForLoop(tree, unused));
        }

        @Override
        public Void visitWhileLoop(WhileLoopTree tree, Void unused) {
            return deeper(() -> super.visitWhileLoop(tree, unused));
        }

        @Override
        public Void visitDoWhileLoop(DoWhileLoopTree tree, Void unused) {
            return deeper(() -> super.visitDoWhileLoop(tree, unused));
        }

        @Override
        public Void visitSwitch(SwitchTree tree, Void unused) {
            return deeper(() -> super.visitSwitch(tree, unused));
        }

        @Override
        public Void visitTry(TryTree tree, Void unused) {
            return deeper(() -> super.visitTry(tree, unused));
        }

        @Override
        public Void visitLambdaExpression(LambdaExpressionTree tree, Void unused) {
            NestingScanner inner = new NestingScanner();
            tree.getBody().accept(inner, null);
            deepest = Math.max(deepest, inner.deepest);
            return null;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            return null;
        }
    }
}
