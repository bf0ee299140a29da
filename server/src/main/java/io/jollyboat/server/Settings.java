package io.jollyboat.server;

import java.time.Duration;
import java.util.List;

/**
 * What a cluster's owner may set of the server.
 *
 * @param serviceCidrs the ranges of cluster addresses: one, or one of each family, the first of the primary one
 * @param firstNodePort of the range of node ports; {@code lastNodePort} belongs to it
 * @param clusterDomain the DNS zone
 * @param dnsAddress of the {@code kube-dns} Service, in the range of cluster addresses; every node answers DNS there
 * @param advertiseAddresses where the {@code kubernetes} Service leads to
 * @param port of the HTTPS face, behind those addresses
 * @param bookmarkInterval how often a quiet watch tells its position
 */
public record Settings(
        List<String> serviceCidrs,
        int firstNodePort,
        int lastNodePort,
        String clusterDomain,
        String dnsAddress,
        List<String> advertiseAddresses,
        int port,
        Duration bookmarkInterval) {
    public static final Settings DEFAULT = new Settings(
            List.of("10.43.0.0/16"),
            30000,
            32767,
            "cluster.local",
            "10.43.0.10",
            List.of("10.41.0.1"),
            6443,
            Duration.ofMinutes(1));

    public Settings {
        serviceCidrs = List.copyOf(serviceCidrs);
        advertiseAddresses = List.copyOf(advertiseAddresses);
    }

    /** Where everybody finds the server, as URLs have it. */
    String address() {
        String first = advertiseAddresses.isEmpty() ? "localhost" : advertiseAddresses.getFirst();
        return (first.contains(":") ? "[" + first + "]" : first) + ":" + port;
    }

    /** One range, or one of each family. */
    public Settings withServiceCidrs(List<String> cidrs) {
        return new Settings(
                cidrs,
                firstNodePort,
                lastNodePort,
                clusterDomain,
                dnsAddress,
                advertiseAddresses,
                port,
                bookmarkInterval);
    }

    public Settings withNodePorts(int first, int last) {
        return new Settings(
                serviceCidrs, first, last, clusterDomain, dnsAddress, advertiseAddresses, port, bookmarkInterval);
    }

    /** Where the server answers: for the {@code kubernetes} Service. */
    public Settings withAdvertised(List<String> addresses, int port) {
        return new Settings(
                serviceCidrs,
                firstNodePort,
                lastNodePort,
                clusterDomain,
                dnsAddress,
                addresses,
                port,
                bookmarkInterval);
    }

    public Settings withClusterDomain(String domain) {
        return new Settings(
                serviceCidrs,
                firstNodePort,
                lastNodePort,
                domain,
                dnsAddress,
                advertiseAddresses,
                port,
                bookmarkInterval);
    }

    /** Where every node answers DNS: for the {@code kube-dns} Service. */
    public Settings withDnsAddress(String address) {
        return new Settings(
                serviceCidrs,
                firstNodePort,
                lastNodePort,
                clusterDomain,
                address,
                advertiseAddresses,
                port,
                bookmarkInterval);
    }
}
