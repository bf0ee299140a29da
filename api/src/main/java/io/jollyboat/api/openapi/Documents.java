package io.jollyboat.api.openapi;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The documents of a catalogue, made when first asked for and forgotten when memory runs short. */
public final class Documents {
    private static final String V2 = "";

    private final Resources resources;
    private final String release;
    private final TreeMap<String, String> apiVersions = new TreeMap<>();
    private final Map<String, SoftReference<byte[]>> made = new ConcurrentHashMap<>();

    /** {@code release} is the version of Kubernetes, such as {@code v1.35.0}. */
    public Documents(Resources resources, String release) {
        this.resources = resources;
        this.release = release;
        for (Resource resource : resources.all()) {
            apiVersions.put(path(resource.apiVersion()), resource.apiVersion());
        }
    }

    /** {@code api/v1} or {@code apis/apps/v1}: how the index names a group and version. */
    public static String path(String apiVersion) {
        return (apiVersion.contains("/") ? "apis/" : "api/") + apiVersion;
    }

    /** The hash of each document by its path, for the index; make no document. */
    public TreeMap<String, String> hashes() {
        TreeMap<String, String> hashes = new TreeMap<>();
        apiVersions.forEach((path, apiVersion) -> hashes.put(path, OpenApi.hash(apiVersion, resources.all(), release)));
        return hashes;
    }

    /** By the path in the index; empty for an unknown one. */
    public Optional<byte[]> v3(String path) {
        String apiVersion = apiVersions.get(path);
        return apiVersion == null ? Optional.empty() : Optional.of(bytes(apiVersion));
    }

    public byte[] v2() {
        return bytes(V2);
    }

    public String v2Hash() {
        return OpenApi.hash(V2, resources.all(), release);
    }

    private byte[] bytes(String apiVersion) {
        SoftReference<byte[]> kept = made.get(apiVersion);
        byte[] known = kept == null ? null : kept.get();
        if (known != null) {
            return known;
        }
        byte[] fresh = apiVersion.equals(V2)
                ? OpenApi.v2(resources.all(), release)
                : OpenApi.v3(apiVersion, resources.all(), release);
        made.put(apiVersion, new SoftReference<>(fresh));
        return fresh;
    }
}
