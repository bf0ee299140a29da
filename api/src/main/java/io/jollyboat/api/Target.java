package io.jollyboat.api;

/**
 * The address of one object, or of one of its subresources.
 *
 * @param namespace "" for cluster-scoped kinds
 * @param subresource "" for the object itself, else {@code status}, {@code scale}, {@code binding}, …
 */
public record Target(Resource resource, String namespace, String name, String subresource) {
    public static Target of(Resource resource, String namespace, String name) {
        return new Target(resource, namespace, name, "");
    }

    public Target withSubresource(String subresource) {
        return new Target(resource, namespace, name, subresource);
    }

    @Override
    public String toString() {
        String where = namespace.isEmpty() ? name : namespace + "/" + name;
        return resource + " " + where + (subresource.isEmpty() ? "" : "/" + subresource);
    }
}
