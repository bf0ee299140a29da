package io.jollyboat.server.validation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is told of volumes that are made of keys: paths of files that hide or lie in each other. */
final class PathAdvice {
    private PathAdvice() {}

    /** A file in a volume and where it comes from, "" where there is one source only. */
    private record File(String path, String source) {
        static File of(String path, String source) {
            return new File(path.replaceAll("/+$", ""), source);
        }

        boolean meets(File other) {
            return !path.isEmpty()
                    && !other.path.isEmpty()
                    && ((other.path + "/").startsWith(path + "/") || (path + "/").startsWith(other.path + "/"));
        }

        @Override
        public String toString() {
            return Told.quoted(path) + (source.isEmpty() ? "" : " (" + source + ")");
        }
    }

    static void look(Place spec, Told told) {
        tokens(spec, told);
        for (Place volume : spec.each("volumes")) {
            String name = Told.quoted(volume.text("name"));
            Place configMap = volume.at("configMap");
            Place secret = volume.at("secret");
            tell(name, "ConfigMap " + Told.quoted(configMap.text("name")), files(configMap, ""), told);
            tell(name, "Secret " + Told.quoted(secret.text("secretName")), files(secret, ""), told);
            tell(name, "DownwardAPI", files(volume.at("downwardAPI"), ""), told);
            List<File> projected = new ArrayList<>();
            for (Place source : volume.at("projected").each("sources")) {
                if (!source.isSet()) {
                    told.say("volume " + name + " (Projected) has no sources provided");
                }
                projected.addAll(projected(source));
            }
            tell(name, "Projected", projected, told);
        }
    }

    private static void tell(String volume, String source, List<File> files, Told told) {
        for (int i = 0; i < files.size(); i++) {
            for (File before : files.subList(0, i)) {
                if (files.get(i).meets(before)) {
                    told.say("volume %s (%s): overlapping paths: %s with %s"
                            .formatted(volume, source, files.get(i), before));
                }
            }
        }
    }

    private static List<File> files(Place source, String name) {
        return source.each("items").stream()
                .map(item -> File.of(item.text("path"), name))
                .toList();
    }

    private static List<File> projected(Place source) {
        Place configMap = source.at("configMap");
        Place secret = source.at("secret");
        Place bundle = source.at("clusterTrustBundle");
        Place certificate = source.at("podCertificate");
        List<File> files = new ArrayList<>();
        files.addAll(files(configMap, "ConfigMap " + Told.quoted(configMap.text("name"))));
        files.addAll(files(secret, "Secret " + Told.quoted(secret.text("name"))));
        files.addAll(files(source.at("downwardAPI"), "DownwardAPI"));
        file(source.at("serviceAccountToken").at("path"), "ServiceAccountToken").ifPresent(files::add);
        String trusted = bundle.at("name").isThere() ? bundle.text("name") : bundle.text("signerName");
        file(bundle.at("path"), "ClusterTrustBundle " + Told.quoted(trusted)).ifPresent(files::add);
        file(certificate.at("certificateChainPath"), "PodCertificate chain").ifPresent(files::add);
        file(certificate.at("keyPath"), "PodCertificate key").ifPresent(files::add);
        file(certificate.at("credentialBundlePath"), "PodCertificate credential bundle")
                .ifPresent(files::add);
        return files;
    }

    private static Optional<File> file(Place path, String source) {
        return path.isSet() ? Optional.of(File.of(path.text(), source)) : Optional.empty();
    }

    /** Files that have the path of a token of any volume of the Pod. */
    private static void tokens(Place spec, Told told) {
        Set<String> tokens = new HashSet<>();
        for (Place volume : spec.each("volumes")) {
            for (Place source : volume.at("projected").each("sources")) {
                if (source.at("serviceAccountToken").isThere()) {
                    tokens.add(source.at("serviceAccountToken").text("path"));
                }
            }
        }
        for (Place volume : spec.each("volumes")) {
            String sources = volume.path() + ".projected.sources.";
            for (Place source : volume.at("projected").each("sources")) {
                clash(sources + "configMap", source.at("configMap"), tokens, told);
                clash(sources + "secrets", source.at("secret"), tokens, told);
                clash(sources + "downwardAPI", source.at("downwardAPI"), tokens, told);
                Place bundle = source.in("clusterTrustBundle", "path");
                if (bundle.isSet() && tokens.contains(bundle.text())) {
                    told.say(sources + "ClusterTrustBundle: has duplicated path with ServiceAccountToken "
                            + Told.quoted(bundle.text()));
                }
            }
        }
    }

    private static void clash(String at, Place source, Set<String> tokens, Told told) {
        List<Place> items = source.each("items");
        for (int i = 0; i < items.size(); i++) {
            String path = items.get(i).text("path");
            if (tokens.contains(path)) {
                told.say(at + "[" + i + "]: has duplicated path with ServiceAccountToken " + Told.quoted(path));
            }
        }
    }
}
