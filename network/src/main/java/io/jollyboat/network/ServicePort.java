package io.jollyboat.network;

/**
 * One port of a Service.
 *
 * @param name "" when it has none
 * @param nodePort 0 when it has none
 */
public record ServicePort(String name, Protocol protocol, int port, int nodePort) {}
