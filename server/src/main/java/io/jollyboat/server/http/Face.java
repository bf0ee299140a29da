package io.jollyboat.server.http;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.server.User;
import io.jollyboat.server.http.turns.Asked;
import io.jollyboat.server.http.turns.Flow;
import io.jollyboat.server.http.turns.Turn;
import io.jollyboat.server.http.turns.Turns;
import io.jollyboat.server.http.wire.Handler;
import io.jollyboat.server.http.wire.Request;
import io.jollyboat.server.http.wire.Response;
import io.jollyboat.server.http.wire.TooLargeException;
import io.jollyboat.world.World;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The way of every request: marked, its sender found, let in, routed, given its turn, answered, counted. */
final class Face implements Handler {
    private static final Logger LOG = System.getLogger(Face.class.getName());
    private static final int LONGEST_AUDIT_ID = 64;
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
    private static final Set<String> ROOTS = Set.of("api", "apis");

    private final World world;
    private final Backend backend;
    private final Arrivals arrivals;
    private final Answers answers;
    private final Metrics metrics;
    private final Optional<Audit> audit;
    private final Turns turns;
    private final List<Route> routes;

    Face(
            World world,
            Backend backend,
            Arrivals arrivals,
            Answers answers,
            Metrics metrics,
            Optional<Audit> audit,
            Turns turns,
            List<Route> routes) {
        this.world = world;
        this.backend = backend;
        this.arrivals = arrivals;
        this.answers = answers;
        this.metrics = metrics;
        this.audit = audit;
        this.turns = turns;
        this.routes = List.copyOf(routes);
    }

    /** Where each path goes; the first that matches counts. */
    static List<Route> routes(
            Pages pages,
            DiscoveryCalls discovery,
            OpenApiCalls openApi,
            CallHandler metrics,
            CallHandler issuer,
            ResourceCalls resources) {
        return List.of(
                Route.page(Route.ANY, "/", pages::paths),
                Route.page(Route.ANY, "/index.html", pages::paths),
                Route.page(Route.READ, "/version", pages::version),
                Route.page(Route.ANY, "/healthz/**", pages::health),
                Route.page(Route.ANY, "/livez/**", pages::health),
                Route.page(Route.ANY, "/readyz/**", pages::health),
                Route.page(Route.ANY, "/metrics", metrics),
                Route.page(Route.READ, "/.well-known/openid-configuration", issuer),
                Route.page(Route.READ, "/openid/v1/jwks", issuer),
                Route.page(Route.ANY, "/openapi/v2", openApi::v2),
                Route.page(Route.ANY, "/openapi/v3", openApi::index),
                Route.page(Route.ANY, "/openapi/v3/**", openApi::v3),
                Route.page(Route.READ, "/api", discovery::root),
                Route.page(Route.ANY, "/apis", discovery::root),
                Route.page(Route.ANY, "/apis/*", discovery::group),
                Route.page(Route.READ, "/api/*", discovery::version),
                Route.page(Route.READ, "/apis/*/*", discovery::version),
                Route.resources("/api/*/**", resources::handle),
                Route.resources("/apis/*/*/**", resources::handle));
    }

    @Override
    public void handle(Request request, Response response) throws IOException, InterruptedException {
        Instant received = world.now();
        long start = world.nanoTime();
        mark(request, response);
        Optional<ResourcePath> path = path(request);
        Counted counted = Counted.of(request, path);
        Optional<Identities.Who> who = Optional.empty();
        try {
            who = arrivals.find(request);
            answer(request, response, counted, path, who.map(Identities.Who::taken));
        } catch (StatusException e) {
            fail(request, response, e);
        } catch (TooLargeException e) {
            fail(request, response, Statuses.tooLarge(e.limit()));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, request.method() + " " + request.path() + " failed", e);
            fail(request, response, Statuses.internal(e));
        } finally {
            Duration took = Duration.ofNanos(world.nanoTime() - start);
            metrics.count(counted, response.status(), took, response.sent());
            path.ifPresent(of -> count(request, counted, of));
            if (audit.isPresent()) {
                audit.get().write(new Audit.Answer(request, counted, path, who, response, received));
            }
        }
    }

    /** What is counted of requests for resources alone. */
    private void count(Request request, Counted counted, ResourcePath path) {
        String length = request.header("content-length");
        if (!counted.reads() && LENGTH.matcher(length).matches()) {
            metrics.body(counted, counted.ruleVerb(request.method()), Long.parseLong(length));
        }
        if (Deprecations.warning(path.resource()).isPresent()) {
            metrics.deprecated(counted);
        }
    }

    /** Of what is a resource. */
    private Optional<ResourcePath> path(Request request) {
        List<String> segments = request.segments();
        return segments.isEmpty() || !ROOTS.contains(segments.getFirst())
                ? Optional.empty()
                : ResourcePath.parse(backend.resources(), segments);
    }

    private void mark(Request request, Response response) {
        String given = request.header("audit-id");
        boolean usable = !given.isEmpty() && given.length() <= LONGEST_AUDIT_ID;
        response.header("audit-id", usable ? given : world.uuid().toString());
        response.header("cache-control", "no-cache, private");
    }

    private void answer(
            Request request, Response response, Counted counted, Optional<ResourcePath> path, Optional<User> user)
            throws IOException, InterruptedException {
        Optional<Route> found =
                routes.stream().filter(r -> r.matches(request.segments())).findFirst();
        User who = user.orElse(Identities.ANONYMOUS);
        if (found.isEmpty() || found.get().page()) {
            String verb = request.method().toLowerCase(Locale.ROOT);
            Asking.atTheDoor(response, () -> backend.authorizePath(who, verb, request.path()));
        }
        if (found.isEmpty()) {
            answers.nobodys(response);
            return;
        }
        Route route = found.get();
        if (!route.answers(request.method())) {
            throw Statuses.methodNotAllowed();
        }
        if (!counted.lasts()) {
            Options.checkTimeout(request.query());
        }
        Optional<Turn> turn = turn(request, response, counted, path, who);
        if (turn.isEmpty()) {
            answers.busy(response);
            return;
        }
        try (Turn own = turn.get()) {
            Call call = new Call(request, response, who, backend.admitted(who), own, Accepts.of(request));
            if (counted.lasts()) {
                lasting(route, call, counted);
            } else {
                shortly(route, call, counted);
            }
        }
    }

    /** Streams need none: they last, and cost little. A watch has its turn until it has begun. */
    private Optional<Turn> turn(
            Request request, Response response, Counted counted, Optional<ResourcePath> path, User user)
            throws InterruptedException {
        if (counted.lasts() && !counted.verb().equals("WATCH")) {
            return Optional.of(Turn.NONE);
        }
        String verb = counted.ruleVerb(request.method());
        Flow flow =
                turns.flow(path.map(to -> asked(user, verb, to)).orElseGet(() -> Asked.of(user, verb, request.path())));
        if (!flow.schemaUid().isEmpty()) {
            response.header("x-kubernetes-pf-flowschema-uid", flow.schemaUid());
        }
        if (!flow.levelUid().isEmpty()) {
            response.header("x-kubernetes-pf-prioritylevel-uid", flow.levelUid());
        }
        return turns.take(
                flow,
                () -> path.map(to -> Width.of(backend, counted, to, request.query()))
                        .orElse(1),
                request::whenGone);
    }

    /** A Namespace counts as being in itself, as in Kubernetes. */
    private static Asked asked(User user, String verb, ResourcePath path) {
        Resource resource = path.resource();
        String what = path.subresource().isEmpty() ? resource.plural() : resource.plural() + "/" + path.subresource();
        boolean isNamespace = resource.group().isEmpty() && resource.plural().equals("namespaces");
        return Asked.of(user, verb, resource.group(), what, isNamespace ? path.name() : path.namespace());
    }

    private void lasting(Route route, Call call, Counted counted) throws IOException, InterruptedException {
        metrics.beginLasting(counted);
        try {
            route.handler().handle(call);
        } finally {
            metrics.endLasting(counted);
        }
    }

    private void shortly(Route route, Call call, Counted counted) throws IOException, InterruptedException {
        metrics.begin(counted);
        try {
            route.handler().handle(call);
        } finally {
            metrics.end(counted);
        }
    }

    private void fail(Request request, Response response, StatusException failure) throws IOException {
        if (response.committed()) {
            throw new IOException("the answer broke off: " + failure.getMessage());
        }
        answers.failure(request, response, failure);
    }
}
