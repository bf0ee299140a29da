package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.server.http.wire.Request;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a request is counted under: Kubernetes' verb, and what it was for, without names.
 *
 * @param verb such as {@code LIST}, {@code WATCH}, {@code APPLY}
 * @param scope {@code resource} for one object, {@code namespace} or {@code cluster} for many, "" for no resource
 * @param subresource of an object; of what is no resource, the first part of the path where that is known
 * @param dryRun {@code All} for what shall only be tried, {@code invalid} for what nobody knows
 */
record Counted(
        String verb, String group, String version, String resource, String subresource, String scope, String dryRun) {
    private static final Set<String> CONNECTIONS = Set.of("exec", "attach", "portforward", "proxy");
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final Set<String> PAGES =
            Set.of("api", "apis", "healthz", "livez", "metrics", "openapi", "readyz", "version");
    private static final Set<String> READING = Set.of("GET", "LIST", "WATCH");

    static Counted of(Request request, Optional<ResourcePath> path) {
        if (path.isEmpty()) {
            String page = request.segments().isEmpty() ? "" : request.segments().getFirst();
            return new Counted(method(request), "", "", "", PAGES.contains(page) ? "/" + page : "", "", "");
        }
        ResourcePath to = path.get();
        Resource resource = to.resource();
        String verb = verb(request, to);
        boolean one = !to.name().isEmpty() || verb.equals("POST");
        String scope = one ? "resource" : to.namespace().isEmpty() ? "cluster" : "namespace";
        List<String> dryRuns = request.query().all("dryRun");
        String dryRun = dryRuns.isEmpty() ? "" : dryRuns.stream().allMatch("All"::equals) ? "All" : "invalid";
        return new Counted(
                verb, resource.group(), resource.version(), resource.plural(), to.subresource(), scope, dryRun);
    }

    private static String method(Request request) {
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        return METHODS.contains(method) ? method : "other";
    }

    private static String verb(Request request, ResourcePath path) {
        if (CONNECTIONS.contains(path.subresource())) {
            return "CONNECT";
        }
        String method = method(request);
        return switch (method) {
            case "GET" ->
                path.watch() || path.name().isEmpty() && request.query().flag("watch")
                        ? "WATCH"
                        : path.name().isEmpty() ? "LIST" : "GET";
            case "DELETE" -> path.name().isEmpty() ? "DELETECOLLECTION" : "DELETE";
            case "PATCH" ->
                request.header("content-type").toLowerCase(Locale.ROOT).startsWith("application/apply-patch")
                        ? "APPLY"
                        : "PATCH";
            default -> method;
        };
    }

    /** Whether it lasts as long as the client likes, as watches and streams do. */
    boolean lasts() {
        return verb.equals("WATCH") || verb.equals("CONNECT") || subresource.equals("log");
    }

    /** The verb as rules are written for it. */
    String ruleVerb(String method) {
        return switch (verb) {
            case "POST" -> resource.isEmpty() ? "post" : "create";
            case "PUT" -> resource.isEmpty() ? "put" : "update";
            case "APPLY" -> "patch";
            case "CONNECT" -> method.equals("GET") ? "get" : "create";
            default -> verb.toLowerCase(Locale.ROOT);
        };
    }

    boolean reads() {
        return READING.contains(verb);
    }

    Counted withoutDryRun() {
        return dryRun.isEmpty() ? this : new Counted(verb, group, version, resource, subresource, scope, "");
    }

    /** As labels of a sample, in the order of their names. */
    String labels(boolean withDryRun) {
        return "component=\"apiserver\",%sgroup=\"%s\",resource=\"%s\",scope=\"%s\",subresource=\"%s\",verb=\"%s\",version=\"%s\""
                .formatted(
                        withDryRun ? "dry_run=\"" + dryRun + "\"," : "",
                        group,
                        resource,
                        scope,
                        subresource,
                        verb,
                        version);
    }
}
