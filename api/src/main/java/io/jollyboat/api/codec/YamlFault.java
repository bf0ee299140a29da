package io.jollyboat.api.codec;

import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;

/** Tells a fault of a YAML text as the reader of Kubernetes does, as far as both find the same. */
final class YamlFault {
    private static final Map<String, String> SAID = Map.of(
            "mapping values are not allowed", "mapping values are not allowed in this context",
            "expected ',' or '}'", "did not find expected ',' or '}'",
            "expected ',' or ']'", "did not find expected ',' or ']'",
            "expected the node content", "did not find expected node content",
            "expected <block end>", "did not find expected key");

    private YamlFault() {}

    static String of(MarkedYamlEngineException e) {
        String problem = e.getProblem();
        if (problem.startsWith("found undefined alias ")) {
            return "unknown anchor '" + problem.substring("found undefined alias ".length()) + "' referenced";
        }
        int line = line(e);
        return (line == 0 ? "" : "line " + line + ": ") + said(problem);
    }

    /** Lines count from 0 where the parser finds a fault, and from 1 where the scanner does; the first is not told. */
    private static int line(MarkedYamlEngineException e) {
        int line = e.getProblemMark().map(YamlFault::line).orElse(0);
        if (line == 0) {
            return e.getContextMark().map(Mark::getLine).orElse(0);
        }
        return e instanceof ScannerException ? line + 1 : line;
    }

    /** The end of the text stands on a line of its own. */
    private static int line(Mark mark) {
        boolean end = mark.getPointer() >= mark.getBuffer().length || mark.getBuffer()[mark.getPointer()] == 0;
        return end && mark.getColumn() > 0 ? mark.getLine() + 1 : mark.getLine();
    }

    private static String said(String problem) {
        if (problem.startsWith("found character") && problem.contains("cannot start any token")) {
            return "found character that cannot start any token";
        }
        Optional<String> known =
                SAID.keySet().stream().filter(problem::startsWith).findFirst();
        return known.map(SAID::get).orElse(problem);
    }
}
