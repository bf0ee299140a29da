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

    /** A document in one of its two forms. */
    private record Key(String apiVersion, boolean protobuf) {}

    private final Resources resources;
    private final String release;
    private final TreeMap<String, String> apiVersions = new TreeMap<>();
    private final Map<Key, SoftReference<byte[]>> made = new ConcurrentHashMap<>();

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
        return v3(path, false);
    }

    /** As above, in protobuf. */
    public Optional<byte[]> v3Protobuf(String path) {
        return v3(path, true);
    }

    private Optional<byte[]> v3(String path, boolean protobuf) {
        String apiVersion = apiVersions.get(path);
        return apiVersion == null ? Optional.empty() : Optional.of(bytes(new Key(apiVersion, protobuf)));
    }

    public byte[] v2() {
        return bytes(new Key(V2, false));
    }

    public byte[] v2Protobuf() {
        return bytes(new Key(V2, true));
    }

    public String v2Hash() {
        return OpenApi.hash(V2, resources.all(), release);
    }

    private byte[] bytes(Key key) {
        SoftReference<byte[]> kept = made.get(key);
        byte[] known = kept == null ? null : kept.get();
        if (known != null) {
            return known;
        }
        byte[] fresh = make(key);
        made.put(key, new SoftReference<>(fresh));
        return fresh;
    }

    private byte[] make(Key key) {
        if (key.protobuf()) {
            return OpenApi.protobuf(bytes(new Key(key.apiVersion(), false)));
        }
        return key.apiVersion().equals(V2)
                ? OpenApi.v2(resources.all(), release)
                : OpenApi.v3(key.apiVersion(), resources.all(), release);
    }
}
