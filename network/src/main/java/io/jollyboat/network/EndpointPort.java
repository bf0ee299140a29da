package io.jollyboat.network;

/**
 * Where an endpoint serves a port of its Service.
 *
 * @param name the Service port's name, "" when it has none
 * @param number 0 where the slice leaves it open, which means any
 */
public record EndpointPort(String name, Protocol protocol, int number) {}
