package io.jollyboat.server.http;

import java.util.List;
import java.util.Set;

/**
 * Which requests go where.
 *
 * @param methods that it answers, empty for all; others get 405
 * @param pattern parts between slashes: a word, {@code *} for any one part, {@code **} for any number up to the end
 * @param page who may use the path is let in; of what is no page the handler finds out who may do what
 */
record Route(Set<String> methods, List<String> pattern, boolean page, CallHandler handler) {
    static final Set<String> READ = Set.of("GET");
    static final Set<String> ANY = Set.of();

    static Route page(Set<String> methods, String pattern, CallHandler handler) {
        List<String> parts =
                pattern.equals("/") ? List.of() : List.of(pattern.substring(1).split("/"));
        return new Route(methods, parts, true, handler);
    }

    static Route resources(String pattern, CallHandler handler) {
        return new Route(ANY, List.of(pattern.substring(1).split("/")), false, handler);
    }

    boolean answers(String method) {
        return methods.isEmpty() || methods.contains(method);
    }

    boolean matches(List<String> segments) {
        for (int i = 0; i < pattern.size(); i++) {
            String part = pattern.get(i);
            if (part.equals("**")) {
                return true;
            }
            if (i >= segments.size() || !part.equals("*") && !part.equals(segments.get(i))) {
                return false;
            }
        }
        return segments.size() == pattern.size();
    }
}
