package io.jollyboat.server.http;

import java.util.List;
import java.util.Set;

/**
 * Which requests go where.
 *
 * @param methods that it answers; others get 405
 * @param pattern parts between slashes: a word, {@code *} for any one part, {@code **} for any number up to the end
 * @param access who is let in
 */
record Route(Set<String> methods, List<String> pattern, Who access, CallHandler handler) {
    /** Who is let in before the handler is asked. */
    enum Who {
        /** Anybody, also without a name. */
        ANYBODY,
        /** Whom the authorizer lets use the path. */
        BY_PATH,
        /** Any user; the core authorizes the verb. */
        BY_RESOURCE
    }

    static final Set<String> READ = Set.of("GET", "HEAD");
    static final Set<String> ANY = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    static Route of(Set<String> methods, String pattern, Who access, CallHandler handler) {
        List<String> parts =
                pattern.equals("/") ? List.of() : List.of(pattern.substring(1).split("/"));
        return new Route(methods, parts, access, handler);
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
