package io.jollyboat.images;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Which of the kept repositories answers for a name that is asked for. containerd names the registry that it stands
 * in for ({@code ?ns=docker.io}), so the same short name may be kept for several registries:
 *
 * <pre>
 * asked              ns          looked for, in this order
 * library/busybox    docker.io   docker.io/library/busybox, library/busybox, busybox
 * kiamol/ch03-sleep  docker.io   docker.io/kiamol/ch03-sleep, kiamol/ch03-sleep
 * team/app           quay.io     quay.io/team/app, team/app
 * </pre>
 */
final class Repositories {
    private final ImageStore store;

    Repositories(ImageStore store) {
        this.store = store;
    }

    /** The digest of the manifest, wherever it is kept. */
    Optional<String> find(String repository, String reference, String namespace) {
        return candidates(repository, namespace).stream()
                .flatMap(candidate -> store.resolve(candidate, reference).stream())
                .findFirst();
    }

    static List<String> candidates(String repository, String namespace) {
        var all = new LinkedHashSet<String>();
        if (!namespace.isEmpty()) {
            all.add(namespace.replace(':', '_') + "/" + repository);
        }
        all.add(repository);
        if (repository.startsWith("library/")) {
            all.add(repository.substring("library/".length()));
        }
        return List.copyOf(all);
    }

    /** Where an image of that name is kept: Docker Hub's without the registry. */
    static String home(ImageName name) {
        boolean hub = name.registry().equals(ImageName.DOCKER_HUB);
        return hub ? name.repository() : name.registry().replace(':', '_') + "/" + name.repository();
    }
}
