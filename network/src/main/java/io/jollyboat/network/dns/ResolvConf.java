package io.jollyboat.network.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The host's list of resolvers (resolv.conf(5)). */
public final class ResolvConf {
    /** As many as glibc reads (MAXNS). */
    private static final int MAX_SERVERS = 3;

    private ResolvConf() {}

    /** The file's name servers in their order; none where there is no file. Link-local ones with a zone are left out. */
    public static List<InetSocketAddress> servers(Path file) {
        try {
            return servers(Files.readString(file));
        } catch (IOException e) {
            return List.of();
        }
    }

    static List<InetSocketAddress> servers(String text) {
        return text.lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length >= 2 && words[0].equals("nameserver"))
                .map(words -> Literal.address(words[1]))
                .flatMap(Optional::stream)
                .map(address -> new InetSocketAddress(address, DnsSettings.PORT))
                .limit(MAX_SERVERS)
                .toList();
    }
}
