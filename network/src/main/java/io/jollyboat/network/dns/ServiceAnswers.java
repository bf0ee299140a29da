package io.jollyboat.network.dns;

import io.jollyboat.network.Protocol;
import io.jollyboat.network.Service.Type;
import io.jollyboat.network.ServicePort;
import io.jollyboat.network.dns.ZoneService.Host;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a Service's name, and the names below it, are answered with (Kubernetes DNS specification 1.1, section 2). */
final class ServiceAnswers {
    private static final int WEIGHT = 100;

    private final ZoneService service;
    private final Name name;
    private final int ttl;
    private final ResourceRecord start;

    /**
     * @param name the Service's own
     * @param start the zone's SOA record
     */
    ServiceAnswers(ZoneService service, Name name, int ttl, ResourceRecord start) {
        this.service = service;
        this.name = name;
        this.ttl = ttl;
        this.start = start;
    }

    /** The answer for the name that these labels, the innermost first, make with the Service's name. */
    Answer answer(List<String> below, int type) {
        if (service.service().type() == Type.EXTERNAL_NAME) {
            return below.isEmpty() ? external() : Answer.missing(start);
        }
        if (service.service().headless() && service.hosts().isEmpty()) {
            return Answer.missing(start);
        }
        return switch (below.size()) {
            case 0 -> addresses(name, own(), type);
            case 1 -> below.getFirst().startsWith("_") ? protocol(below.getFirst()) : host(below.getFirst(), type);
            case 2 -> port(below.get(0), below.get(1), type);
            default -> Answer.missing(start);
        };
    }

    private Answer external() {
        Optional<Name> target = Name.parse(service.service().externalName());
        return target.isEmpty()
                ? Answer.missing(start)
                : Answer.of(List.of(ResourceRecord.pointing(name, RecordType.CNAME, ttl, target.get())), List.of());
    }

    private List<InetAddress> own() {
        return service.service().headless() ? service.reverse() : service.addresses();
    }

    private Answer addresses(Name owner, List<InetAddress> addresses, int type) {
        List<ResourceRecord> records = addresses.stream()
                .map(address -> ResourceRecord.address(owner, ttl, address))
                .filter(record -> record.type() == type)
                .toList();
        return records.isEmpty() ? Answer.nothing(start) : Answer.of(records, List.of());
    }

    private Answer host(String label, int type) {
        List<InetAddress> found = service.hosts().stream()
                .filter(host -> host.label().equals(label))
                .map(Host::address)
                .distinct()
                .toList();
        Optional<Name> owner = name.child(label);
        return found.isEmpty() || owner.isEmpty() ? Answer.missing(start) : addresses(owner.get(), found, type);
    }

    /** A name such as {@code _tcp.SVC}: it is there when a port is below it, but holds nothing. */
    private Answer protocol(String label) {
        for (Protocol protocol : Protocol.values()) {
            if (label.equals("_" + protocol.lower()) && hasPort(protocol)) {
                return Answer.nothing(start);
            }
        }
        return Answer.missing(start);
    }

    private boolean hasPort(Protocol protocol) {
        return service.service().headless()
                ? service.hosts().stream()
                        .flatMap(host -> host.endpoint().ports().stream())
                        .anyMatch(port ->
                                port.protocol() == protocol && !port.name().isEmpty())
                : service.service().ports().stream()
                        .anyMatch(port ->
                                port.protocol() == protocol && !port.name().isEmpty());
    }

    private Answer port(String portLabel, String protocolLabel, int type) {
        Optional<Name> owner = name.child(portLabel, protocolLabel);
        if (portLabel.length() < 2 || portLabel.charAt(0) != '_' || owner.isEmpty()) {
            return Answer.missing(start);
        }
        for (Protocol protocol : Protocol.values()) {
            if (protocolLabel.equals("_" + protocol.lower())) {
                String port = portLabel.substring(1);
                Answer answer = service.service().headless()
                        ? hostPorts(owner.get(), port, protocol)
                        : ownPort(owner.get(), port, protocol);
                return type == RecordType.SRV || answer.code() != ResponseCode.NOERROR ? answer : Answer.nothing(start);
            }
        }
        return Answer.missing(start);
    }

    private Answer ownPort(Name owner, String portName, Protocol protocol) {
        for (ServicePort port : service.service().ports()) {
            if (port.name().equals(portName) && port.protocol() == protocol) {
                return Answer.of(
                        List.of(ResourceRecord.service(owner, ttl, WEIGHT, port.port(), name)),
                        service.addresses().stream()
                                .map(address -> ResourceRecord.address(name, ttl, address))
                                .toList());
            }
        }
        return Answer.missing(start);
    }

    private Answer hostPorts(Name owner, String portName, Protocol protocol) {
        List<ResourceRecord> services = new ArrayList<>();
        List<ResourceRecord> addresses = new ArrayList<>();
        int weight = Math.max(1, WEIGHT / service.hosts().size());
        for (Host host : service.hosts()) {
            Optional<Name> target = name.child(host.label());
            host.endpoint()
                    .port(portName, protocol)
                    .filter(port -> target.isPresent())
                    .ifPresent(port -> {
                        services.add(ResourceRecord.service(owner, ttl, weight, port.number(), target.orElseThrow()));
                        addresses.add(ResourceRecord.address(target.orElseThrow(), ttl, host.address()));
                    });
        }
        return services.isEmpty()
                ? Answer.missing(start)
                : Answer.of(services.stream().distinct().toList(), addresses);
    }
}
