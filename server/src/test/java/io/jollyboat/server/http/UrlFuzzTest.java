package io.jollyboat.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.server.http.wire.Query;
import io.jollyboat.server.http.wire.Urls;
import io.jollyboat.testing.fuzz.FuzzContract;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** What a request says before its body: a path and a query, and in a second line what it accepts. */
class UrlFuzzTest extends FuzzContract {
    UrlFuzzTest() {
        super("urls.txt");
    }

    @Override
    protected int mutations() {
        return 20_000;
    }

    @Override
    protected List<String> words() {
        return List.of(
                "/api/v1/",
                "/apis/apps/v1/",
                "watch/",
                "namespaces/",
                "pods",
                "/status",
                "/proxy/",
                "?",
                "&",
                "=",
                "%2F",
                "%",
                "+",
                "limit=",
                "timeoutSeconds=",
                "sendInitialEvents=true",
                "resourceVersionMatch=NotOlderThan",
                "gracePeriodSeconds=",
                "propagationPolicy=",
                "orphanDependents=",
                "9223372036854775808",
                "-1",
                "\n",
                "application/json",
                ";as=Table",
                ";g=meta.k8s.io;v=v1",
                ";q=",
                ",",
                "*/*");
    }

    @Override
    protected void take(byte[] input) {
        String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", 2);
        String[] target = lines[0].split("\\?", 2);
        try {
            List<String> segments = Urls.segments(target[0]);
            Query query = Urls.query(target.length > 1 ? target[1] : "");
            if (!segments.isEmpty()) {
                ResourcePath.parse(Resources.builtIn(), segments)
                        .ifPresent(path -> assertThat(path.resource().verbs()).isNotNull());
            }
            read(() -> Options.list(query));
            read(() -> Options.watch(query, "a"));
            read(() -> Options.delete(query));
            read(() -> Options.number(query, "timeoutSeconds"));
            read(() -> Forms.include(query));
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank(); // a percent sign alone
        }
        String accept = lines.length > 1 ? lines[1] : "";
        read(() -> Accepts.of(accept).form(true));
        read(() -> Accepts.of(accept).aggregated());
        Accepts.of(accept).onlyProtobuf();
        Accepts.of(accept).pretty();
    }

    /** Something, or a refusal that is the client's fault. */
    private static void read(Supplier<Object> part) {
        try {
            assertThat(part.get()).isNotNull();
        } catch (StatusException e) {
            assertThat(e.failure().reason().code()).isBetween(400, 499);
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
