package io.jollyboat.cli;

import io.jollyboat.api.StatusException;
import io.jollyboat.client.ClientException;
import io.jollyboat.cluster.ClusterException;
import io.jollyboat.images.ImageException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code jolly}. Wrong use gets one sentence and exit status 2; what failed, one sentence and 1. */
@Command(
        name = "jolly",
        description = "A complete small Kubernetes on this machine.",
        mixinStandardHelpOptions = true,
        version = "jolly 0.1.0 (Kubernetes 1.35)")
public final class Jolly implements Runnable {
    static final int FAILED = 1;
    static final int WRONG_USE = 2;

    private static final Map<String, Supplier<Object>> VERBS = verbs();

    final Ending ending = new Ending();

    @Spec
    private CommandSpec spec;

    public static void main(String[] arguments) {
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "--train" -> Training.run(Path.of(arguments[1]));
            case "--rehearse" -> Rehearsal.run(Path.of(arguments[1]));
            default -> System.exit(run(arguments));
        }
    }

    /** Runs one command; its exit status, at the end of the cluster that it has started, if any. */
    static int run(String... arguments) {
        Jolly jolly = new Jolly();
        CommandLine command = command(jolly, arguments);
        command.setErr(command.getErr()); // also where standard error goes elsewhere meanwhile
        int status = command.execute(arguments);
        jolly.ending.with(status);
        return status;
    }

    private static Map<String, Supplier<Object>> verbs() {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("up", Up::new);
        verbs.put("status", Status::new);
        verbs.put("down", Down::new);
        verbs.put("delete", Delete::new);
        verbs.put("logs", Logs::new);
        verbs.put("image", Image::new);
        verbs.put("node", NodeCommand::new);
        verbs.put("server", ServerCommand::new);
        return verbs;
    }

    /**
     * The command line for these arguments; its two outputs can be set before it is executed.
     */
    static CommandLine command(String... arguments) {
        return command(new Jolly(), arguments);
    }

    /** To read a verb's options takes time, so of a command that begins with its verb only that one's are read. */
    private static CommandLine command(Jolly jolly, String... arguments) {
        CommandLine line = new CommandLine(jolly);
        String first = arguments.length == 0 ? "" : arguments[0];
        VERBS.forEach((verb, make) -> {
            if (verb.equals(first) || !VERBS.containsKey(first)) {
                line.addSubcommand(verb, make.get());
            }
        });
        return line.setParameterExceptionHandler(Jolly::wrongUse)
                .setExecutionExceptionHandler((problem, command, parsed) -> failed(problem, command.getErr()));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: up, status, down, delete, logs, image or node");
    }

    private static int wrongUse(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        String message = String.valueOf(problem.getMessage());
        String sentence = Character.toLowerCase(message.charAt(0)) + message.substring(1);
        command.getErr()
                .println("jolly: " + sentence + " (`" + command.getCommandSpec().qualifiedName()
                        + " --help` tells more)");
        return WRONG_USE;
    }

    private static int failed(Exception problem, PrintWriter err) {
        switch (problem) {
            case ClusterException e -> err.println("jolly: " + e.getMessage());
            case ImageException e -> err.println("jolly: " + e.getMessage());
            case ClientException e -> err.println("jolly: " + e.getMessage());
            case StatusException e -> err.println("jolly: " + e.getMessage());
            default -> {
                err.println("jolly: a bug: " + problem);
                problem.printStackTrace(err);
            }
        }
        return FAILED;
    }
}
