package io.jollyboat.server.validation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is told of the ports of a Pod's containers: those that stand twice, overlap or share a name. */
final class PortAdvice {
    private PortAdvice() {}

    static void look(Place spec, Told told) {
        Map<String, List<Place>> byNumber = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        for (Place container : PodAdvice.containers(spec)) {
            for (Place port : container.each("ports")) {
                hostIp(port, told);
                String key = port.at("containerPort").number() + "/" + port.text("protocol");
                List<Place> others = byNumber.computeIfAbsent(key, k -> new ArrayList<>());
                others.forEach(other -> compare(port, other, told));
                others.add(port);
            }
        }
        for (Place container : PodAdvice.containers(spec)) {
            for (Place port : container.each("ports")) {
                name(port, names, told);
            }
        }
    }

    private static void hostIp(Place port, Told told) {
        if (!port.text("hostIP").isEmpty() && port.at("hostPort").number() == 0) {
            told.say(
                    port,
                    "hostIP set without hostPort: {Name:%s HostPort:0 ContainerPort:%d Protocol:%s HostIP:%s}"
                            .formatted(
                                    port.text("name"),
                                    port.at("containerPort").number(),
                                    port.text("protocol"),
                                    port.text("hostIP")));
        }
    }

    private static void compare(Place port, Place other, Told told) {
        long one = port.at("hostPort").number();
        long two = other.at("hostPort").number();
        String ip = port.text("hostIP");
        String otherIp = other.text("hostIP");
        if (ip.equals(otherIp) && one == two) {
            told.say(port, "duplicate port definition with " + other.path());
        } else if (one == 0 || two == 0) {
            told.say(port, "overlapping port definition with " + other.path());
        } else if (one == two && ip.isEmpty() != otherIp.isEmpty()) {
            told.say(port, "dangerously ambiguous port definition with " + other.path());
        }
    }

    private static void name(Place port, Map<String, String> names, Told told) {
        String name = port.text("name");
        String first = name.isEmpty() ? null : names.putIfAbsent(name, port.path());
        if (first != null) {
            told.say(
                    port,
                    "duplicate port name %s with %s, services and probes that select ports by name will use %s"
                            .formatted(Told.quoted(name), first, first));
        }
    }
}
