package io.jollyboat.network.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a DNS server of the cluster must know.
 *
 * @param zone the cluster's domain
 * @param addresses where it listens, by UDP and TCP
 * @param port 53 but in tests
 * @param upstreams who is asked for all other names, in order; with none they are refused at once
 * @param ranges the cluster's own addresses (nodes, Pods, Services): only they and loopback are served, and their
 *     reverse zones are answered here
 * @param ttl of the zone's records, in whole seconds
 * @param loops UDP loops for each address
 */
public record DnsSettings(
        String zone,
        List<InetAddress> addresses,
        int port,
        List<InetSocketAddress> upstreams,
        List<String> ranges,
        Duration ttl,
        int loops) {
    /** The port of DNS (RFC 1035 section 4.2). */
    public static final int PORT = 53;

    /** As CoreDNS has it: short enough that nobody misses a Service for long. */
    private static final Duration TTL = Duration.ofSeconds(5);

    private static final int MAX_LOOPS = 16;
    private static final int LAST_PORT = 65_535;
    private static final Pattern UPSTREAM = Pattern.compile(
            "(?:\\[(?<bracketed>[^]]+)]|(?<dotted>[0-9.]+))(?::(?<port>[0-9]{1,5}))?|(?<plain>[^\\[\\]]+)");

    public DnsSettings {
        addresses = List.copyOf(addresses);
        upstreams = List.copyOf(upstreams);
        ranges = List.copyOf(ranges);
        if (loops < 1 || loops > MAX_LOOPS) {
            throw new IllegalArgumentException("a DNS server has 1 to " + MAX_LOOPS + " loops, not " + loops);
        }
    }

    /** Jollyboat's usual domain, addresses and port, nobody to forward to. */
    public static DnsSettings defaults() {
        return new DnsSettings(
                "cluster.local",
                List.of(InetAddress.ofLiteral("10.43.0.10")),
                PORT,
                List.of(),
                List.of("10.41.0.0/16", "10.42.0.0/16", "10.43.0.0/16"),
                TTL,
                1);
    }

    /**
     * A server's address, with its port where that is not 53: {@code 192.0.2.1}, {@code 192.0.2.1:5353}, {@code
     * [2001:db8::1]:5353}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static InetSocketAddress upstream(String text) {
        Matcher parts = UPSTREAM.matcher(text);
        if (!parts.matches()) {
            throw notAServer(text);
        }
        String host = Stream.of("bracketed", "dotted", "plain")
                .map(parts::group)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> notAServer(text));
        int port =
                Optional.ofNullable(parts.group("port")).map(Integer::parseInt).orElse(PORT);
        if (port < 1 || port > LAST_PORT) {
            throw notAServer(text);
        }
        return new InetSocketAddress(Literal.address(host).orElseThrow(() -> notAServer(text)), port);
    }

    private static IllegalArgumentException notAServer(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not ADDRESS or ADDRESS:PORT");
    }

    public DnsSettings withZone(String newZone) {
        return new DnsSettings(newZone, addresses, port, upstreams, ranges, ttl, loops);
    }

    public DnsSettings withAddresses(List<InetAddress> newAddresses) {
        return new DnsSettings(zone, newAddresses, port, upstreams, ranges, ttl, loops);
    }

    public DnsSettings withPort(int newPort) {
        return new DnsSettings(zone, addresses, newPort, upstreams, ranges, ttl, loops);
    }

    public DnsSettings withUpstreams(List<InetSocketAddress> newUpstreams) {
        return new DnsSettings(zone, addresses, port, newUpstreams, ranges, ttl, loops);
    }

    public DnsSettings withRanges(List<String> newRanges) {
        return new DnsSettings(zone, addresses, port, upstreams, newRanges, ttl, loops);
    }

    public DnsSettings withTtl(Duration newTtl) {
        return new DnsSettings(zone, addresses, port, upstreams, ranges, newTtl, loops);
    }

    public DnsSettings withLoops(int newLoops) {
        return new DnsSettings(zone, addresses, port, upstreams, ranges, ttl, newLoops);
    }
}
