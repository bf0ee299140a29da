package io.jollyboat.server.http;

/**
 * One question to the authorizer.
 *
 * @param verb get, create, impersonate, …; for a path the method in lower case
 * @param resource the plural, "" when {@code path} is asked for; likewise the other parts
 * @param path of a non-resource request, else ""
 */
public record Access(
        String verb, String group, String resource, String subresource, String namespace, String name, String path) {
    static Access path(String verb, String path) {
        return new Access(verb, "", "", "", "", "", path);
    }
}
