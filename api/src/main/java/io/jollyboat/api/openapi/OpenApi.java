package io.jollyboat.api.openapi;

import io.jollyboat.api.Resource;
import io.jollyboat.api.schema.SchemaTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes Kubernetes' OpenAPI documents for built-in kinds: pure functions of the catalogue and the schema table. They
 * take a while and some memory; {@link Documents} keeps what was made.
 */
public final class OpenApi {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String FORM = "1";
    private static final JsonMapper JSON = new JsonMapper();

    private OpenApi() {}

    /**
     * The document of one group and version.
     *
     * @param apiVersion such as {@code apps/v1}
     * @param resources only those of that group and version count
     * @param release of Kubernetes, such as {@code v1.35.0}
     */
    public static byte[] v3(String apiVersion, List<Resource> resources, String release) {
        Set<String> used = new TreeSet<>();
        ObjectNode document = head("openapi", "3.0.0", release);
        List<Resource> own = of(apiVersion, resources);
        document.set("paths", paths(List.of(apiVersion), own, Dialect.V3, used));
        ObjectNode components = document.putObject("components");
        components.set("schemas", schemas(own, Dialect.V3, used));
        components
                .putObject("securitySchemes")
                .putObject("BearerToken")
                .put("description", "Bearer Token authentication")
                .put("in", "header")
                .put("name", "authorization")
                .put("type", "apiKey");
        return JSON.writeValueAsBytes(document);
    }

    /** The one old document of all groups and versions. */
    public static byte[] v2(List<Resource> resources, String release) {
        Set<String> used = new TreeSet<>();
        ObjectNode document = head("swagger", "2.0", release);
        Set<String> apiVersions = new TreeSet<>();
        resources.forEach(r -> apiVersions.add(r.apiVersion()));
        document.set("paths", paths(List.copyOf(apiVersions), resources, Dialect.V2, used));
        document.set("definitions", schemas(resources, Dialect.V2, used));
        ObjectNode bearer = document.putObject("securityDefinitions").putObject("BearerToken");
        bearer.put("description", "Bearer Token authentication")
                .put("in", "header")
                .put("name", "authorization")
                .put("type", "apiKey");
        document.putArray("security").addObject().putArray("BearerToken");
        return JSON.writeValueAsBytes(document);
    }

    /** A ready document of either version in protobuf: gnostic's {@code Document}. */
    public static byte[] protobuf(byte[] document) {
        return Messages.of(JSON.readTree(document));
    }

    /**
     * Names the content of a document without making it: upper-case hexadecimal, for ETag and the index's URLs. It is
     * taken from all that the document is made from.
     *
     * @param apiVersion "" for the old document
     */
    public static String hash(String apiVersion, List<Resource> resources, String release) {
        StringBuilder from = new StringBuilder(FORM)
                .append(SchemaTable.builtIn().edition())
                .append(release)
                .append(apiVersion);
        List<Resource> own = apiVersion.isEmpty() ? resources : of(apiVersion, resources);
        for (Resource resource : own) {
            from.append('\n')
                    .append(resource.apiVersion())
                    .append(resource.kind())
                    .append(resource.plural());
            from.append(resource.namespaced()).append(new TreeSet<>(resource.verbs()));
            resource.subresources()
                    .forEach(s -> from.append(s.name())
                            .append(s.group())
                            .append(s.version())
                            .append(s.kind())
                            .append(new TreeSet<>(s.verbs())));
        }
        return hash(from.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The hash of ready bytes, for documents that were made elsewhere. */
    public static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-512").digest(bytes);
            return HexFormat.of().formatHex(digest).toUpperCase(Locale.ROOT);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The index of the documents.
     *
     * @param hashes by path below {@code /openapi/v3/}, such as {@code apis/apps/v1}
     */
    public static byte[] index(TreeMap<String, String> hashes) {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        hashes.forEach((path, hash) ->
                paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path + "?hash=" + hash));
        return JSON.writeValueAsBytes(index);
    }

    private static List<Resource> of(String apiVersion, List<Resource> resources) {
        return resources.stream().filter(r -> r.apiVersion().equals(apiVersion)).toList();
    }

    private static ObjectNode head(String key, String version, String release) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put(key, version);
        document.putObject("info").put("title", "Kubernetes").put("version", release);
        return document;
    }

    private static ObjectNode paths(
            List<String> apiVersions, List<Resource> resources, Dialect dialect, Set<String> used) {
        Parameters parameters = new Parameters(dialect);
        Paths paths = new Paths(SchemaTable.builtIn(), parameters, new Operations(dialect, parameters, used));
        apiVersions.forEach(paths::add);
        resources.forEach(paths::add);
        return paths.written();
    }

    private static ObjectNode schemas(List<Resource> resources, Dialect dialect, Set<String> used) {
        SchemaTable table = SchemaTable.builtIn();
        Set<String> roots = new TreeSet<>(used);
        roots.add(META + "WatchEvent");
        for (Resource resource : resources) {
            table.kind(resource.apiVersion(), resource.kind()).ifPresent(d -> roots.add(d.name()));
        }
        return new Schemas(table, Descriptions.read(), dialect).closure(roots);
    }
}
