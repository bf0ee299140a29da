package io.jollyboat.cli;

import io.jollyboat.cluster.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The programs that a node needs of this machine, and the packages of Debian and its kin that bring them. */
final class Requirements {
    /** Where programs are, also those that only root has on its path. */
    private static final List<String> FOLDERS =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    /** One program: looked for by name on the path, or as a file where {@code program} begins with a slash. */
    record Requirement(String program, String aptPackage, String why) {
        boolean met() {
            if (program.startsWith("/")) {
                return Files.exists(Path.of(program));
            }
            return onPath(program);
        }
    }

    private static final List<Requirement> ALL = List.of(
            new Requirement("containerd", "containerd", "runs containers"),
            new Requirement("runc", "runc", "starts a container's processes"),
            new Requirement("/usr/lib/cni/ptp", "containernetworking-plugins", "connects Pods to their node"),
            new Requirement("nft", "nftables", "masquerades what leaves a node"),
            new Requirement("ip", "iproute2", "makes network namespaces and links"),
            new Requirement("nsenter", "util-linux", "starts programs inside a node"),
            new Requirement("/bin/busybox", "busybox-static", "is what the examples' images are made of"),
            new Requirement("/bin/bash-static", "bash-static", "is the shell of the image with network tools"));

    private Requirements() {}

    static boolean onPath(String program) {
        return FOLDERS.stream().anyMatch(f -> Files.isExecutable(Path.of(f, program)));
    }

    static List<Requirement> missing() {
        return ALL.stream().filter(r -> !r.met()).toList();
    }

    /**
     * Sees to it that everything is there.
     *
     * @param install whether packages may be installed; otherwise they are only listed
     * @throws ClusterException naming what is missing and how to get it
     */
    static void meet(boolean install, Progress progress) {
        List<Requirement> missing = missing();
        if (missing.isEmpty()) {
            return;
        }
        if (!install || !Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
            throw new ClusterException(list(missing));
        }
        String packages = packages(missing);
        progress.say("jolly: installing what this machine lacks: " + packages);
        progress.step("jolly: apt-get update", () -> apt("update", "-qq"));
        progress.step(
                "jolly: apt-get install", () -> apt(("install -y -qq --no-install-recommends " + packages).split(" ")));
        List<Requirement> still = missing();
        if (!still.isEmpty()) {
            throw new ClusterException(
                    "after the installation " + still.getFirst().program() + " is still missing: install it by hand");
        }
    }

    /** What is missing, why it is needed, and how to get it. */
    static String list(List<Requirement> missing) {
        String lines = missing.stream()
                .map(r -> "  " + r.aptPackage() + " (" + r.program() + ": " + r.why() + ")")
                .collect(Collectors.joining("\n"));
        return "these packages of your distribution are missing:\n" + lines
                + "\ninstall them, for example with `apt-get install --no-install-recommends " + packages(missing)
                + "`, then try again";
    }

    private static String packages(List<Requirement> missing) {
        return missing.stream().map(Requirement::aptPackage).distinct().collect(Collectors.joining(" "));
    }

    private static boolean apt(String... words) {
        var command = new java.util.ArrayList<>(List.of("apt-get"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new ClusterException("`" + String.join(" ", command) + "` failed:\n" + said.strip());
            }
            return true;
        } catch (IOException e) {
            throw new ClusterException("apt-get cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterException("interrupted while packages were installed", e);
        }
    }
}
