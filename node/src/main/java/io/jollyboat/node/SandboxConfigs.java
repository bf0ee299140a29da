package io.jollyboat.node;

import io.jollyboat.api.Meta;
import io.jollyboat.node.cri.v1.LinuxPodSandboxConfig;
import io.jollyboat.node.cri.v1.LinuxSandboxSecurityContext;
import io.jollyboat.node.cri.v1.NamespaceMode;
import io.jollyboat.node.cri.v1.NamespaceOption;
import io.jollyboat.node.cri.v1.PodSandboxConfig;
import io.jollyboat.node.cri.v1.PodSandboxMetadata;
import io.jollyboat.node.cri.v1.SecurityProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a Pod asks of its sandbox: names, namespaces, DNS, control group. */
final class SandboxConfigs {
    static final String POD_NAME = "io.kubernetes.pod.name";
    static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    static final String POD_UID = "io.kubernetes.pod.uid";
    private static final int HOSTNAME_LIMIT = 63;

    private final NodeHost host;
    private final AgentSettings settings;
    private final Dns dns = Dns.ofMachine();

    SandboxConfigs(NodeHost host, AgentSettings settings) {
        this.host = host;
        this.settings = settings;
    }

    PodSandboxConfig config(Pod pod, int attempt) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(pod.name())
                        .setNamespace(pod.namespace())
                        .setUid(pod.uid())
                        .setAttempt(attempt))
                .setHostname(pod.hostNetwork() ? "" : hostname(pod))
                .setLogDirectory(PodFiles.of(host, pod).logs().toString())
                .setDnsConfig(Dns.of(pod, settings, dns).config())
                .putAllLabels(Meta.labels(pod.object()))
                .putAllLabels(labels(pod))
                .putAllAnnotations(Meta.annotations(pod.object()))
                .setLinux(linux(pod))
                .build();
    }

    /** By these the Pod's sandboxes and containers are found again. */
    static Map<String, String> labels(Pod pod) {
        return Map.of(POD_NAME, pod.name(), POD_NAMESPACE, pod.namespace(), POD_UID, pod.uid());
    }

    /** The parent of the control groups of the Pod's containers. */
    static String cgroup(NodeHost host, String uid) {
        return host.cgroup() + "/pod" + uid;
    }

    private LinuxPodSandboxConfig linux(Pod pod) {
        JsonNode security = pod.spec().path("securityContext");
        boolean privileged = pod.allContainers().stream()
                .anyMatch(
                        c -> c.spec().path("securityContext").path("privileged").booleanValue(false));
        var context = LinuxSandboxSecurityContext.newBuilder()
                .setPrivileged(privileged)
                .setNamespaceOptions(namespaces(pod))
                .setSeccomp(SecurityProfile.newBuilder().setProfileType(SecurityProfile.ProfileType.RuntimeDefault));
        Volumes.fsGroup(pod).ifPresent(context::addSupplementalGroups);
        security.path("supplementalGroups").forEach(group -> context.addSupplementalGroups(group.longValue(0)));
        var linux = LinuxPodSandboxConfig.newBuilder()
                .setCgroupParent(cgroup(host, pod.uid()))
                .setSecurityContext(context);
        for (JsonNode sysctl : security.path("sysctls")) {
            linux.putSysctls(
                    sysctl.path("name").stringValue(""), sysctl.path("value").stringValue(""));
        }
        return linux.build();
    }

    /** As {@link #namespaces(Pod)}, but with the processes of one of the Pod's runs. */
    static NamespaceOption namespaces(Pod pod, String run) {
        return namespaces(pod).toBuilder()
                .setPid(NamespaceMode.TARGET)
                .setTargetId(run)
                .build();
    }

    static NamespaceOption namespaces(Pod pod) {
        boolean shared = pod.spec().path("shareProcessNamespace").booleanValue(false);
        boolean hostPid = pod.spec().path("hostPID").booleanValue(false);
        boolean hostIpc = pod.spec().path("hostIPC").booleanValue(false);
        return NamespaceOption.newBuilder()
                .setNetwork(pod.hostNetwork() ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(hostPid ? NamespaceMode.NODE : shared ? NamespaceMode.POD : NamespaceMode.CONTAINER)
                .setIpc(hostIpc ? NamespaceMode.NODE : NamespaceMode.POD)
                .build();
    }

    String hostname(Pod pod) {
        if (pod.hostNetwork()) {
            return host.name();
        }
        String name = pod.spec().path("hostname").stringValue(pod.name());
        if (name.length() > HOSTNAME_LIMIT) {
            name = name.substring(0, HOSTNAME_LIMIT).replaceAll("[-.]+$", "");
        }
        String full = fullName(pod, name);
        return pod.spec().path("setHostnameAsFQDN").booleanValue(false) && !full.isEmpty() ? full : name;
    }

    private String fullName(Pod pod, String hostname) {
        String subdomain = pod.spec().path("subdomain").stringValue("");
        return subdomain.isEmpty()
                ? ""
                : "%s.%s.%s.svc.%s".formatted(hostname, subdomain, pod.namespace(), settings.domain());
    }

    /** The Pod's /etc/hosts. */
    String hosts(Pod pod, List<String> addresses) {
        var text = new StringBuilder();
        if (pod.hostNetwork()) {
            text.append("# Kubernetes-managed hosts file (host network).\n").append(machinesHosts());
        } else {
            text.append("""
                    # Kubernetes-managed hosts file.
                    127.0.0.1\tlocalhost
                    ::1\tlocalhost ip6-localhost ip6-loopback
                    fe00::0\tip6-localnet
                    fe00::0\tip6-mcastprefix
                    fe00::1\tip6-allnodes
                    fe00::2\tip6-allrouters
                    """);
            String name = hostname(pod);
            String full = fullName(pod, name);
            for (String address : addresses) {
                text.append(address)
                        .append('\t')
                        .append(full.isEmpty() ? name : full + "\t" + name)
                        .append('\n');
            }
        }
        JsonNode aliases = pod.spec().path("hostAliases");
        if (!aliases.isEmpty()) {
            text.append("\n# Entries added by HostAliases.\n");
        }
        for (JsonNode alias : aliases) {
            text.append(alias.path("ip").stringValue(""));
            alias.path("hostnames").forEach(name -> text.append('\t').append(name.stringValue("")));
            text.append('\n');
        }
        return text.toString();
    }

    private static String machinesHosts() {
        try {
            return Files.readString(Path.of("/etc/hosts"));
        } catch (IOException e) {
            return "127.0.0.1\tlocalhost\n";
        }
    }
}
