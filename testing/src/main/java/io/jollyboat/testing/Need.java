package io.jollyboat.testing;

import java.io.File;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Something that only some machines have. */
public enum Need {
    ROOT("root rights"),
    ADDRESS("IPv4 address beside the loopback's"),
    CONTAINERD("containerd"),
    RUNC("runc"),
    NFT("nft"),
    IP("ip"),
    DIG("dig"),
    KUBECTL("kubectl"),
    SKOPEO("skopeo"),
    ETCD("etcd"),
    BUSYBOX("busybox"),
    GCC("gcc"),
    MUSL("musl-gcc"),
    CHROMIUM("chromium"),
    CHROMEDRIVER("chromedriver"),
    PYTHON_CLIENT("the official Python client (python3-kubernetes)");

    private static final Path PYTHON_MODULES = Path.of("/usr/lib/python3/dist-packages");

    private final String what;

    Need(String what) {
        this.what = what;
    }

    /** What is missing on this machine, empty when the need is met. */
    Optional<String> missing() {
        boolean met = switch (this) {
            case ROOT -> "root".equals(System.getProperty("user.name"));
            case ADDRESS -> hasAddress();
            case PYTHON_CLIENT -> Files.isDirectory(PYTHON_MODULES.resolve("kubernetes"));
            default -> onPath(what);
        };
        return met ? Optional.empty() : Optional.of(what);
    }

    private static boolean hasAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address instanceof Inet4Address && !address.isLoopbackAddress());
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean onPath(String program) {
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        for (String folder : path.split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
