package io.jollyboat.network.dns;

/**
 * What a DNS server did since it started.
 *
 * @param queries packets and TCP messages that came from those it serves
 * @param prepared of these, answered from memory without any work
 * @param forwarded of these, that waited for another server
 * @param dropped packets that got no reply: unreadable, or from outside the cluster
 */
public record Counts(long queries, long prepared, long forwarded, long dropped) {}
