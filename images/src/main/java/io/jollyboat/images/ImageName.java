package io.jollyboat.images;

import java.util.regex.Pattern;

/**
 * The name of an image as users write it, taken apart and completed by the rule of the container world: without a
 * registry it is Docker Hub's, there a name of one word stands under {@code library/}, and without a tag it is
 * {@code latest}.
 *
 * @param registry such as {@code docker.io} or {@code 127.0.0.1:5050}
 * @param reference a tag, or a digest {@code sha256:…}
 */
public record ImageName(String registry, String repository, String reference) {
    static final String DOCKER_HUB = "docker.io";
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*");
    private static final Pattern REGISTRY = Pattern.compile("[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?(:[0-9]{1,5})?");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    /**
     * Reads {@code [registry/]repository[:tag][@digest]}.
     *
     * @throws ImageException when that is no image's name
     */
    public static ImageName parse(String text) {
        String rest = text;
        String reference = "latest";
        int at = rest.indexOf('@');
        int colon = rest.lastIndexOf(':');
        if (at >= 0) {
            reference = rest.substring(at + 1);
            rest = rest.substring(0, at);
        } else if (colon > rest.lastIndexOf('/')) {
            reference = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
        }
        int slash = rest.indexOf('/');
        String first = slash < 0 ? "" : rest.substring(0, slash);
        boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
        String registry = named ? first : DOCKER_HUB;
        String repository = named ? rest.substring(slash + 1) : rest;
        if (registry.equals(DOCKER_HUB) && !repository.contains("/")) {
            repository = "library/" + repository;
        }
        boolean digest = Digest.isDigest(reference);
        if (!REGISTRY.matcher(registry).matches()
                || !REPOSITORY.matcher(repository).matches()
                || (!digest && !TAG.matcher(reference).matches())) {
            throw new ImageException(
                    "\"" + text + "\" is no name of an image: it looks like busybox, kiamol/ch03-sleep or"
                            + " registry.example/team/app:1.0");
        }
        return new ImageName(registry, repository, reference);
    }

    /** The short form that users write. */
    @Override
    public String toString() {
        String shown = repository;
        if (!registry.equals(DOCKER_HUB)) {
            shown = registry + "/" + repository;
        } else if (repository.startsWith("library/")) {
            shown = repository.substring("library/".length());
        }
        return shown + (Digest.isDigest(reference) ? "@" : ":") + reference;
    }
}
