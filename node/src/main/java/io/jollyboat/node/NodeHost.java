package io.jollyboat.node;

import io.jollyboat.linux.NetworkNamespace;
import java.nio.file.Path;

/**
 * Where a node's Pods live: a nested node or the machine itself, which differ in nothing else.
 *
 * @param name of the Node object
 * @param address of the node, as its InternalIP
 * @param podCidr the addresses of its Pods
 * @param socket of its containerd
 * @param folder for volumes, logs and whatever else Pods leave on disk
 * @param cgroup the parent of all of its Pods' control groups, such as {@code /jollyboat/jolly}
 * @param namespace in which containerd works and from which Pods can be reached
 */
public record NodeHost(
        String name,
        String address,
        String podCidr,
        Path socket,
        Path folder,
        String cgroup,
        NetworkNamespace namespace) {}
