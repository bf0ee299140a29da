package io.jollyboat.server;

import io.jollyboat.api.Resource;

/**
 * Where objects stand in the store: {@code /registry/GROUP/PLURAL/[NAMESPACE/]NAME}, with {@code core} for the core
 * group. Characters that keys may not hold are written as {@code %} and their code, for names may not hold {@code %}.
 */
final class Keys {
    private Keys() {}

    /** Of all objects of a kind, or of those of one namespace; ends with a slash. */
    static String prefix(Resource resource, String namespace) {
        String group = resource.group().isEmpty() ? "core" : resource.group();
        String kind = "/registry/" + group + "/" + resource.plural() + "/";
        return namespace.isEmpty() ? kind : kind + escaped(namespace) + "/";
    }

    static String of(Resource resource, String namespace, String name) {
        return prefix(resource, resource.namespaced() ? namespace : "") + escaped(name);
    }

    private static String escaped(String name) {
        if (name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return name;
        }
        StringBuilder out = new StringBuilder();
        name.chars().forEach(c -> {
            if (c > ' ' && c < 0x7f) {
                out.append((char) c);
            } else {
                out.append('%').append(Integer.toHexString(c)).append('.');
            }
        });
        return out.toString();
    }
}
