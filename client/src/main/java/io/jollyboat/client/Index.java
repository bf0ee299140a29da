package io.jollyboat.client;

import java.util.Collection;
import java.util.function.Function;

/**
 * A way to find the objects of a mirror by something other than their key.
 *
 * @param name for people who debug
 * @param values under which an object is found; none leaves it out
 */
public record Index<T>(String name, Function<T, ? extends Collection<String>> values) {}
