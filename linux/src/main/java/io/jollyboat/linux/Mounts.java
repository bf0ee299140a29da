package io.jollyboat.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Mounts that a node makes and takes away. */
public final class Mounts {
    private Mounts() {}

    /** Mounts a file system in memory of at most {@code bytes}, 0 for the kernel's default (half of the memory). */
    public static void tmpfs(Path target, long bytes) {
        String options = bytes > 0 ? "mode=0777,size=" + bytes : "mode=0777";
        SystemCalls.mount("tmpfs", target.toString(), "tmpfs", SystemCalls.MS_NOSUID | SystemCalls.MS_NODEV, options);
    }

    /** Makes a file or folder appear at another place too. */
    public static void bind(Path source, Path target) {
        SystemCalls.mount(source.toString(), target.toString(), "none", SystemCalls.MS_BIND, "");
    }

    public static boolean isMounted(Path path) {
        return points().contains(path);
    }

    /** Takes away every mount at and below a folder, the innermost first. */
    public static void removeBelow(Path folder) {
        List<Path> below = new ArrayList<>(
                points().stream().filter(point -> point.startsWith(folder)).toList());
        below.sort(Comparator.comparingInt(Path::getNameCount).reversed());
        for (Path point : below) {
            SystemCalls.umount(point.toString(), SystemCalls.MNT_DETACH);
        }
    }

    /** All mount points that this process sees (proc(5), mountinfo: the fifth column). */
    public static List<Path> points() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .map(line -> Path.of(unescape(line.split(" ")[4])))
                    .toList();
        } catch (IOException e) {
            throw new LinuxException("cannot read the mounts", e);
        }
    }

    private static String unescape(String path) {
        return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
}
