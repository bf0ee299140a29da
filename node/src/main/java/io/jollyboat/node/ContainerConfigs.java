package io.jollyboat.node;

import io.jollyboat.node.Pod.Container;
import io.jollyboat.node.cri.v1.Capability;
import io.jollyboat.node.cri.v1.ContainerConfig;
import io.jollyboat.node.cri.v1.ContainerMetadata;
import io.jollyboat.node.cri.v1.Image;
import io.jollyboat.node.cri.v1.ImageSpec;
import io.jollyboat.node.cri.v1.Int64Value;
import io.jollyboat.node.cri.v1.KeyValue;
import io.jollyboat.node.cri.v1.LinuxContainerConfig;
import io.jollyboat.node.cri.v1.LinuxContainerSecurityContext;
import io.jollyboat.node.cri.v1.Mount;
import io.jollyboat.node.cri.v1.SecurityProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What a container of a Pod asks of containerd. */
final class ContainerConfigs {
    static final String CONTAINER_NAME = "io.kubernetes.container.name";

    /** The defaults that the kubelet gives with {@code procMount: Default}. */
    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private final Pod pod;
    private final Container container;
    private final Optional<String> target;

    /** @param target the run whose processes the container shall see, where it asks for that */
    ContainerConfigs(Pod pod, Container container, Optional<String> target) {
        this.pod = pod;
        this.container = container;
        this.target = target;
    }

    /**
     * The configuration of one run.
     *
     * @param image what will run
     * @param variables in their order
     * @param memory of the node in bytes
     */
    ContainerConfig config(int attempt, Image image, Map<String, String> variables, List<Mount> mounts, long memory) {
        JsonNode spec = container.spec();
        var config = ContainerConfig.newBuilder()
                .setMetadata(
                        ContainerMetadata.newBuilder().setName(container.name()).setAttempt(attempt))
                .setImage(ImageSpec.newBuilder().setImage(image.getId()))
                .addAllCommand(words("command", variables))
                .addAllArgs(words("args", variables))
                .setWorkingDir(spec.path("workingDir").stringValue(""))
                .addAllMounts(mounts)
                .setLogPath(container.name() + "/" + attempt + ".log")
                .setStdin(spec.path("stdin").booleanValue(false))
                .setStdinOnce(spec.path("stdinOnce").booleanValue(false))
                .setTty(spec.path("tty").booleanValue(false))
                .putAllLabels(SandboxConfigs.labels(pod))
                .putLabels(CONTAINER_NAME, container.name())
                .putAnnotations("io.kubernetes.container.restartCount", Integer.toString(attempt))
                .putAnnotations("io.jollyboat.image", container.image())
                .setLinux(LinuxContainerConfig.newBuilder()
                        .setResources(Allowance.of(pod, container, memory))
                        .setSecurityContext(security(image)));
        new TreeMap<>(variables)
                .forEach((name, value) ->
                        config.addEnvs(KeyValue.newBuilder().setKey(name).setValue(value)));
        return config.build();
    }

    private List<String> words(String field, Map<String, String> variables) {
        List<String> words = new ArrayList<>();
        for (JsonNode word : container.spec().path(field)) {
            words.add(Expansion.expand(word.stringValue(""), variables));
        }
        return words;
    }

    /** A field of the container's security context, else of the Pod's. */
    private JsonNode security(String field) {
        JsonNode own = container.spec().path("securityContext").path(field);
        return own.isMissingNode() || own.isNull()
                ? pod.spec().path("securityContext").path(field)
                : own;
    }

    private LinuxContainerSecurityContext security(Image image) {
        JsonNode own = container.spec().path("securityContext");
        boolean privileged = own.path("privileged").booleanValue(false);
        var context = LinuxContainerSecurityContext.newBuilder()
                .setPrivileged(privileged)
                .setNamespaceOptions(
                        target.map(run -> SandboxConfigs.namespaces(pod, run)).orElse(SandboxConfigs.namespaces(pod)))
                .setReadonlyRootfs(own.path("readOnlyRootFilesystem").booleanValue(false))
                .setNoNewPrivs(!own.path("allowPrivilegeEscalation").booleanValue(true))
                .setSeccomp(seccomp());
        user(context, image);
        Volumes.fsGroup(pod).ifPresent(context::addSupplementalGroups);
        pod.spec()
                .path("securityContext")
                .path("supplementalGroups")
                .forEach(group -> context.addSupplementalGroups(group.longValue(0)));
        if (!privileged && !own.path("procMount").stringValue("").equals("Unmasked")) {
            context.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
        }
        var capabilities = Capability.newBuilder();
        own.path("capabilities").path("add").forEach(c -> capabilities.addAddCapabilities(c.stringValue("")));
        own.path("capabilities").path("drop").forEach(c -> capabilities.addDropCapabilities(c.stringValue("")));
        return context.setCapabilities(capabilities).build();
    }

    private void user(LinuxContainerSecurityContext.Builder context, Image image) {
        JsonNode user = security("runAsUser");
        JsonNode group = security("runAsGroup");
        boolean notRoot = security("runAsNonRoot").booleanValue(false);
        if (user.isNumber()) {
            context.setRunAsUser(Int64Value.newBuilder().setValue(user.longValue()));
        } else if (image.hasUid()) {
            context.setRunAsUser(image.getUid());
        } else if (!image.getUsername().isEmpty()) {
            context.setRunAsUsername(image.getUsername());
        }
        if (notRoot
                && context.getRunAsUser().getValue() == 0
                && context.getRunAsUsername().isEmpty()) {
            throw ConfigException.config(
                    "container has runAsNonRoot and image will run as root (pod: \"%s\", container: %s)"
                            .formatted(pod.fullName(), container.name()));
        }
        if (group.isNumber()
                && (context.hasRunAsUser() || !context.getRunAsUsername().isEmpty())) {
            context.setRunAsGroup(Int64Value.newBuilder().setValue(group.longValue()));
        } else if (group.isNumber()) {
            context.setRunAsUser(Int64Value.newBuilder().setValue(0));
            context.setRunAsGroup(Int64Value.newBuilder().setValue(group.longValue()));
        }
    }

    /** Unconfined where nothing is said, as the kubelet does by default. */
    private SecurityProfile seccomp() {
        JsonNode profile = security("seccompProfile");
        var type = switch (profile.path("type").stringValue("Unconfined")) {
            case "RuntimeDefault" -> SecurityProfile.ProfileType.RuntimeDefault;
            case "Localhost" -> SecurityProfile.ProfileType.Localhost;
            default -> SecurityProfile.ProfileType.Unconfined;
        };
        return SecurityProfile.newBuilder()
                .setProfileType(type)
                .setLocalhostRef(profile.path("localhostProfile").stringValue(""))
                .build();
    }
}
