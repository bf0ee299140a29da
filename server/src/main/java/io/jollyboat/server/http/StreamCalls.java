package io.jollyboat.server.http;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.Streams;
import io.jollyboat.api.Streams.LogOptions;
import io.jollyboat.api.Streams.Wanted;
import io.jollyboat.api.Target;
import io.jollyboat.server.User;
import io.jollyboat.server.http.ResourceCalls.StreamingCall;
import io.jollyboat.server.http.streaming.Commands;
import io.jollyboat.server.http.streaming.Logs;
import io.jollyboat.server.http.streaming.PortForward;
import io.jollyboat.server.http.streaming.Upgrade;
import io.jollyboat.server.http.wire.Query;
import io.jollyboat.world.World;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The subresources of Pods that stream: log, exec, attach, portforward. */
final class StreamCalls {
    private static final Set<String> CONNECTED = Set.of("GET", "POST");

    private final World world;
    private final Backend backend;
    private final Streams streams;
    private final Commands commands;
    private final PortForward forward;

    StreamCalls(World world, Backend backend, Streams streams) {
        this.world = world;
        this.backend = backend;
        this.streams = streams;
        this.commands = new Commands(world, Statuses::of);
        this.forward = new PortForward(world);
    }

    Map<String, StreamingCall> routes() {
        return Map.of(
                "pods/log", this::log,
                "pods/exec", this::exec,
                "pods/attach", this::attach,
                "pods/portforward", this::portForward);
    }

    /**
     * Asked before the options are looked at: whether the Pod is there, and of a WebSocket, though it begins with GET, the
     * right to create as well (since 1.35).
     */
    private void admit(Call call, ResourcePath path) {
        if (!CONNECTED.contains(call.method())) {
            throw Statuses.methodNotAllowed();
        }
        if (call.request().header("upgrade").equalsIgnoreCase("websocket")) {
            backend.authorize(call.user(), "create", path.target());
        }
        call.api().get(pod(path));
    }

    private static Target pod(ResourcePath path) {
        return Target.of(path.resource(), path.namespace(), path.name());
    }

    private void log(Call call, ResourcePath path) throws IOException {
        if (!call.method().equals("GET")) {
            throw Statuses.methodNotAllowed();
        }
        LogOptions options = logOptions(call.query(), call.query().first("container"));
        if (!Upgrade.wanted(call.request())) {
            Logs.plain(call.request(), call.response(), streams.logs(pod(path), options));
            return;
        }
        Upgrade upgrade = Upgrade.agree(call.request(), call.response(), Logs.SOCKET_PROTOCOLS, List.of());
        InputStream log = streams.logs(pod(path), options);
        Logs.messages(world, call.request(), call.response(), upgrade, log);
    }

    /** @throws StatusException Invalid, in Kubernetes' words */
    static LogOptions logOptions(Query query, String container) {
        LogOptions options = new LogOptions(
                container,
                query.flag("follow"),
                query.flag("previous"),
                query.flag("timestamps"),
                Options.number(query, "sinceSeconds"),
                query.first("sinceTime"),
                Options.number(query, "tailLines"),
                Options.number(query, "limitBytes"));
        if (options.sinceSeconds().isPresent() && !options.sinceTime().isEmpty()) {
            throw invalid("at most one of `sinceTime` or `sinceSeconds` may be specified", "sinceSeconds");
        }
        options.sinceSeconds().filter(n -> n < 1).ifPresent(n -> {
            throw invalid("must be greater than 0", "sinceSeconds");
        });
        options.tailLines().filter(n -> n < 0).ifPresent(n -> {
            throw invalid("must be greater than or equal to 0", "tailLines");
        });
        options.limitBytes().filter(n -> n < 1).ifPresent(n -> {
            throw invalid("must be greater than 0", "limitBytes");
        });
        return options;
    }

    private static StatusException invalid(String detail, String field) {
        return Statuses.invalidOptions(
                "PodLogOptions", new Cause("FieldValueForbidden", "Forbidden: " + detail, field));
    }

    private void exec(Call call, ResourcePath path) throws IOException, InterruptedException {
        admit(call, path);
        Query query = call.query();
        Wanted wanted = new Wanted(query.flag("stdin"), query.flag("stdout"), query.flag("stderr"), query.flag("tty"));
        Upgrade upgrade = agree(call, wanted);
        List<String> command = query.all("command");
        if (command.isEmpty()) {
            throw StatusException.badRequest("you must specify a command");
        }
        var session = streams.exec(pod(path), query.first("container"), command, wanted);
        commands.serve(call.request(), call.response(), upgrade, wanted, session, true);
    }

    /** Output is wanted unless the query says otherwise. */
    private void attach(Call call, ResourcePath path) throws IOException, InterruptedException {
        admit(call, path);
        Query query = call.query();
        Wanted wanted = new Wanted(
                query.flag("stdin"),
                !query.has("stdout") || query.flag("stdout"),
                query.has("stderr") ? query.flag("stderr") : !query.flag("tty"),
                query.flag("tty"));
        Upgrade upgrade = agree(call, wanted);
        var session = streams.attach(pod(path), query.first("container"), wanted);
        commands.serve(call.request(), call.response(), upgrade, wanted, session, false);
    }

    private static Upgrade agree(Call call, Wanted wanted) {
        if (!wanted.stdin() && !wanted.stdout() && !wanted.stderr()) {
            throw StatusException.badRequest("you must specify at least 1 of stdin, stdout, stderr");
        }
        if (wanted.tty() && wanted.stderr()) {
            throw StatusException.badRequest("tty and stderr cannot both be true");
        }
        return Upgrade.agree(call.request(), call.response(), Commands.SOCKET_PROTOCOLS, Commands.SPDY_PROTOCOLS);
    }

    private void portForward(Call call, ResourcePath path) throws IOException, InterruptedException {
        admit(call, path);
        Upgrade upgrade = Upgrade.agree(
                call.request(), call.response(), PortForward.SOCKET_PROTOCOLS, PortForward.SPDY_PROTOCOLS);
        List<Integer> ports = PortForward.namesPorts(upgrade) ? ports(call.query()) : List.of();
        ForwardedPod pod = new ForwardedPod(
                world, backend.as(call.user()), streams, other -> mayForward(call.user(), other), pod(path));
        forward.serve(call.request(), call.response(), upgrade, ports, pod::dial);
    }

    private boolean mayForward(User user, Target pod) {
        try {
            backend.authorize(user, "create", pod.withSubresource("portforward"));
            return true;
        } catch (StatusException e) {
            return false;
        }
    }

    private static List<Integer> ports(Query query) {
        List<Integer> ports = query.all("ports").stream()
                .flatMap(text -> List.of(text.split(",")).stream())
                .map(StreamCalls::port)
                .toList();
        if (ports.isEmpty()) {
            throw StatusException.badRequest("query parameter \"ports\" is required");
        }
        return ports;
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535) {
            return Integer.parseInt(text);
        }
        throw StatusException.badRequest("query parameter \"ports\" must be a port number, not \"" + text + "\"");
    }
}
