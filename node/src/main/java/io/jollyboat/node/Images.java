package io.jollyboat.node;

import io.jollyboat.node.Pod.Container;
import io.jollyboat.node.cri.Cri;
import io.jollyboat.node.cri.CriException;
import io.jollyboat.node.cri.v1.AuthConfig;
import io.jollyboat.node.cri.v1.Image;
import io.jollyboat.node.cri.v1.ImageSpec;
import io.jollyboat.node.cri.v1.PullImageRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Has the images of containers here, by their pull policy. */
final class Images {
    private static final String DEFAULT_REGISTRY = "docker.io";

    private final Surroundings around;

    Images(Surroundings around) {
        this.around = around;
    }

    /** An image could not be had; the reason is the container's waiting reason. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String reason;

        Failed(String reason, String message) {
            super(message);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /** The image of a container, which {@link #ensure} has brought here. */
    Image present(Container container) {
        return around.cri()
                .image(container.image())
                .orElseThrow(() -> new Failed("ErrImagePull", "image %s vanished".formatted(container.image())));
    }

    /**
     * Checks that the image is here, and fetches it where the policy says so.
     *
     * @throws Failed when it cannot be had
     */
    void ensure(Pod pod, Container container) {
        String name = container.image();
        PodEvents events = around.events();
        if (!ImageName.isValid(name)) {
            String problem =
                    "Failed to apply default image tag \"%s\": couldn't parse image name \"%s\": invalid reference format"
                            .formatted(name, name);
            events.warning(pod, container, "InspectFailed", problem);
            events.warning(pod, container, "Failed", "Error: InvalidImageName");
            throw new Failed("InvalidImageName", problem);
        }
        Cri cri = around.cri();
        String policy = container.pullPolicy();
        Optional<Image> present = policy.equals("Always") ? Optional.empty() : cri.image(name);
        if (present.isPresent()) {
            events.normal(
                    pod,
                    container,
                    "Pulled",
                    "Container image \"%s\" already present on machine and can be accessed by the pod".formatted(name));
            return;
        }
        if (policy.equals("Never")) {
            String problem = "Container image \"%s\" is not present with pull policy of Never".formatted(name);
            events.warning(pod, container, "ErrImageNeverPull", problem);
            events.warning(pod, container, "Failed", "Error: ErrImageNeverPull");
            throw new Failed("ErrImageNeverPull", problem);
        }
        pull(pod, container);
    }

    private void pull(Pod pod, Container container) {
        String name = container.image();
        PodEvents events = around.events();
        events.normal(pod, container, "Pulling", "Pulling image \"%s\"".formatted(name));
        long begin = around.world().nanoTime();
        var request =
                PullImageRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(name));
        credentials(pod, registry(name)).ifPresent(request::setAuth);
        try {
            around.cri().pull(request.build());
        } catch (CriException e) {
            events.warning(pod, container, "Failed", "Failed to pull image \"%s\": %s".formatted(name, e.getMessage()));
            events.warning(pod, container, "Failed", "Error: ErrImagePull");
            throw new Failed("ErrImagePull", e.getMessage());
        }
        String took = GoDuration.text(Duration.ofNanos(around.world().nanoTime() - begin));
        long size = around.cri().image(name).map(Image::getSize).orElse(0L);
        events.normal(
                pod,
                container,
                "Pulled",
                "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
                        .formatted(name, took, took, size));
    }

    /** The first part of a name is a registry when it looks like a host. */
    static String registry(String name) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        return host ? first : DEFAULT_REGISTRY;
    }

    private Optional<AuthConfig> credentials(Pod pod, String registry) {
        for (JsonNode reference : pod.spec().path("imagePullSecrets")) {
            Optional<AuthConfig> found = around.lookup()
                    .secret(pod.namespace(), reference.path("name").stringValue(""))
                    .flatMap(secret -> credentials(secret, registry));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<AuthConfig> credentials(Map<String, byte[]> secret, String registry) {
        byte[] json = secret.get(".dockerconfigjson");
        if (json == null) {
            return Optional.empty();
        }
        try {
            JsonNode entries = new JsonMapper()
                    .readTree(new String(json, StandardCharsets.UTF_8))
                    .path("auths");
            for (String key : entries.propertyNames()) {
                String host = key.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
                if (host.equals(registry) || registry.equals(DEFAULT_REGISTRY) && host.endsWith(DEFAULT_REGISTRY)) {
                    JsonNode entry = entries.path(key);
                    return Optional.of(AuthConfig.newBuilder()
                            .setUsername(entry.path("username").stringValue(""))
                            .setPassword(entry.path("password").stringValue(""))
                            .setAuth(entry.path("auth").stringValue(""))
                            .build());
                }
            }
        } catch (JacksonException e) {
            return Optional.empty(); // a Secret that holds no JSON gives no credentials; the registry then says so
        }
        return Optional.empty();
    }
}
