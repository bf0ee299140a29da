package io.jollyboat.node;

import io.jollyboat.api.Meta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The environment variables that tell a container of Services (Kubernetes' documentation, "Discovering services"). */
final class ServiceVariables {
    private ServiceVariables() {}

    /**
     * A Service as far as variables tell it.
     *
     * @param address "" where it has none of its own
     */
    record Service(String namespace, String name, String address, List<Port> ports) {
        Service {
            ports = List.copyOf(ports);
        }

        static Service of(ObjectNode object) {
            String address = object.path("spec").path("clusterIP").stringValue("");
            List<Port> ports = new ArrayList<>();
            for (JsonNode port : object.path("spec").path("ports")) {
                ports.add(new Port(
                        port.path("name").stringValue(""),
                        port.path("port").intValue(0),
                        port.path("protocol").stringValue("TCP")));
            }
            boolean none = address.equals("None")
                    || object.path("spec").path("type").stringValue("").equals("ExternalName");
            return new Service(Meta.namespace(object), Meta.name(object), none ? "" : address, ports);
        }
    }

    /** One port of a Service. */
    record Port(String name, int number, String protocol) {}

    /**
     * The variables for a Pod in {@code namespace}.
     *
     * @param links whether the Pod wants all Services of its namespace; {@code kubernetes} it gets in any case
     */
    static Map<String, String> of(Collection<Service> services, String namespace, boolean links) {
        Map<String, Service> chosen = new TreeMap<>();
        for (Service service : services) {
            boolean kubernetes =
                    service.name().equals("kubernetes") && service.namespace().equals("default");
            if (service.address().isEmpty() || service.ports().isEmpty()) {
                continue;
            }
            if (service.namespace().equals(namespace) && (links || kubernetes)) {
                chosen.put(service.name(), service);
            } else if (kubernetes) {
                chosen.putIfAbsent(service.name(), service);
            }
        }
        Map<String, String> variables = new TreeMap<>();
        chosen.values().forEach(service -> add(variables, service));
        return variables;
    }

    private static void add(Map<String, String> variables, Service service) {
        String prefix = variable(service.name());
        Port first = service.ports().getFirst();
        variables.put(prefix + "_SERVICE_HOST", service.address());
        variables.put(prefix + "_SERVICE_PORT", Integer.toString(first.number()));
        variables.put(prefix + "_PORT", url(service, first));
        for (Port port : service.ports()) {
            if (!port.name().isEmpty()) {
                variables.put(prefix + "_SERVICE_PORT_" + variable(port.name()), Integer.toString(port.number()));
            }
            String each = prefix + "_PORT_" + port.number() + "_" + port.protocol();
            variables.put(each, url(service, port));
            variables.put(each + "_PROTO", port.protocol().toLowerCase(Locale.ROOT));
            variables.put(each + "_PORT", Integer.toString(port.number()));
            variables.put(each + "_ADDR", service.address());
        }
    }

    private static String url(Service service, Port port) {
        String address = service.address().contains(":") ? "[" + service.address() + "]" : service.address();
        return port.protocol().toLowerCase(Locale.ROOT) + "://" + address + ":" + port.number();
    }

    private static String variable(String name) {
        String upper = name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
        return Character.isDigit(upper.charAt(0)) ? "_" + upper : upper;
    }
}
