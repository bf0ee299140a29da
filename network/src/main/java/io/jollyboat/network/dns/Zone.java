package io.jollyboat.network.dns;

import io.jollyboat.client.Key;
import io.jollyboat.network.Route;
import io.jollyboat.network.ServiceTable;
import io.jollyboat.network.TableListener;
import io.jollyboat.network.dns.ZoneService.Host;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's own names: the Kubernetes DNS specification 1.1 over the service table, with the names of Pods by
 * address, as CoreDNS has them. It follows the table: one writer puts each changed Service in its place, at a cost in
 * proportion to that Service; any number of readers see each Service whole, as it was before or as it is after.
 */
final class Zone implements TableListener {
    private static final String VERSION = "1.1.0";

    /** Nobody transfers the zone, so these stay. */
    private static final int SERIAL = 1;

    private static final int REFRESH = 7_200;
    private static final int RETRY = 1_800;
    private static final int EXPIRE = 86_400;

    /**
     * @param validity how long the answer holds; empty where it must be found anew each time
     */
    record Found(Answer answer, Optional<Validity> validity) {}

    private final Name apex;
    private final int apexLabels;
    private final Name server;
    private final List<InetAddress> serverAddresses;
    private final int ttl;
    private final ResourceRecord start;
    private final List<AddressRange> ranges;
    private final ConcurrentHashMap<Key, ZoneService> services = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> namespaces = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<InetAddress, List<Key>> reverse = new ConcurrentHashMap<>();

    /** Ends when a Service appears: whoever reads it before he looks for one in vain may say so until then. */
    private volatile Validity absence = new Validity();

    Zone(DnsSettings settings) {
        apex = Name.of(settings.zone());
        apexLabels = apex.labels().size();
        server = Name.of("ns.dns." + settings.zone());
        serverAddresses = settings.addresses();
        ttl = (int) settings.ttl().toSeconds();
        ranges = settings.ranges().stream().map(AddressRange::of).toList();
        start = start(apex);
    }

    private ResourceRecord start(Name owner) {
        Name mailbox = Name.of("hostmaster." + apex);
        return ResourceRecord.authority(owner, ttl, server, mailbox, SERIAL, REFRESH, RETRY, EXPIRE, ttl);
    }

    @Override
    public void changed(ServiceTable table, Set<Key> changed) {
        for (Key key : changed) {
            Optional<Route> route = table.get(key);
            Optional<ZoneService> before = Optional.ofNullable(services.get(key));
            boolean same =
                    route.isPresent() && before.isPresent() && before.get().isOf(route.get());
            if (!same) {
                replace(key, before, route.map(ZoneService::new));
            }
        }
    }

    private void replace(Key key, Optional<ZoneService> before, Optional<ZoneService> after) {
        after.ifPresentOrElse(service -> services.put(key, service), () -> services.remove(key));
        before.ifPresent(old -> old.validity().end());
        if (before.isPresent() != after.isPresent()) {
            int more = after.isPresent() ? 1 : -1;
            namespaces.merge(key.namespace(), more, Zone::sum);
        }
        if (before.isEmpty() && after.isPresent()) {
            Validity past = absence;
            absence = new Validity();
            past.end();
        }
        List<InetAddress> old = before.map(ZoneService::reverse).orElse(List.of());
        List<InetAddress> now = after.map(ZoneService::reverse).orElse(List.of());
        Set<InetAddress> kept = Set.copyOf(now);
        Set<InetAddress> known = Set.copyOf(old);
        old.stream().filter(address -> !kept.contains(address)).forEach(address -> unlink(address, key));
        now.stream().filter(address -> !known.contains(address)).forEach(address -> link(address, key));
    }

    private static @Nullable Integer sum(Integer one, Integer other) {
        return one + other == 0 ? null : one + other; // null takes the entry away
    }

    private void link(InetAddress address, Key key) {
        reverse.compute(address, (same, keys) -> {
            List<Key> more = new ArrayList<>(keys == null ? List.of() : keys);
            more.add(key);
            return List.copyOf(more);
        });
    }

    private void unlink(InetAddress address, Key key) {
        reverse.computeIfPresent(address, (same, keys) -> {
            List<Key> rest = keys.stream().filter(other -> !other.equals(key)).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    boolean holds(Name name) {
        return name.isUnder(apex);
    }

    /** The answer; empty where the name is none of the cluster's, so that others must be asked. */
    Optional<Found> find(Question question) {
        Name name = question.name();
        int type = question.type() == RecordType.ANY ? RecordType.A : question.type(); // a part will do: RFC 8482
        if (name.isUnder(apex)) {
            return Optional.of(forward(name, type));
        }
        return ReverseName.of(name).flatMap(reversed -> backward(name, reversed, type));
    }

    private Found forward(Name name, int type) {
        List<String> all = name.labels();
        List<String> labels = all.subList(0, all.size() - apexLabels);
        if (labels.isEmpty()) {
            return alone(atApex(type));
        }
        return switch (labels.getLast()) {
            case "svc" -> service(labels, type);
            case "pod" -> alone(pod(name, labels, type));
            case "dns" -> alone(ownServer(name, labels, type));
            case "dns-version" -> alone(version(name, labels, type));
            default -> alone(Answer.missing(start));
        };
    }

    private static Found alone(Answer answer) {
        return new Found(answer, Optional.empty());
    }

    private Answer atApex(int type) {
        List<ResourceRecord> records = switch (type) {
            case RecordType.SOA -> List.of(start);
            case RecordType.NS -> List.of(ResourceRecord.pointing(apex, RecordType.NS, ttl, server));
            default -> List.of();
        };
        List<ResourceRecord> additional = type == RecordType.NS ? serverRecords() : List.of();
        return records.isEmpty() ? Answer.nothing(start) : Answer.of(records, additional);
    }

    private List<ResourceRecord> serverRecords() {
        return serverAddresses.stream()
                .map(address -> ResourceRecord.address(server, ttl, address))
                .toList();
    }

    private Answer ownServer(Name name, List<String> labels, int type) {
        if (labels.size() == 1) {
            return Answer.nothing(start);
        }
        return name.equals(server) ? ofType(serverRecords(), type) : Answer.missing(start);
    }

    private Answer version(Name name, List<String> labels, int type) {
        return labels.size() > 1
                ? Answer.missing(start)
                : ofType(List.of(ResourceRecord.text(name, ttl, VERSION)), type);
    }

    private Answer ofType(List<ResourceRecord> records, int type) {
        List<ResourceRecord> fit =
                records.stream().filter(record -> record.type() == type).toList();
        return fit.isEmpty() ? Answer.nothing(start) : Answer.of(fit, List.of());
    }

    /** A-B-C-D.NS.pod: the address that the name spells, whoever has it, in any namespace. */
    private Answer pod(Name name, List<String> labels, int type) {
        if (labels.size() < 3) {
            return Answer.nothing(start);
        }
        Optional<InetAddress> address =
                labels.size() == 3 ? Literal.dashed(labels.getFirst()) : Optional.<InetAddress>empty();
        return address.isEmpty()
                ? Answer.missing(start)
                : ofType(List.of(ResourceRecord.address(name, ttl, address.get())), type);
    }

    private Found service(List<String> labels, int type) {
        int outer = labels.size() - 1;
        if (outer == 0) {
            return alone(Answer.nothing(start));
        }
        String namespace = labels.get(outer - 1);
        if (outer == 1) {
            return alone(namespaces.containsKey(namespace) ? Answer.nothing(start) : Answer.missing(start));
        }
        Validity missing = absence;
        Key key = new Key(namespace, labels.get(outer - 2));
        Optional<ZoneService> service = Optional.ofNullable(services.get(key));
        if (service.isEmpty()) {
            return new Found(Answer.missing(start), Optional.of(missing));
        }
        ServiceAnswers answers = new ServiceAnswers(service.get(), nameOf(key), ttl, start);
        return new Found(answers.answer(labels.subList(0, outer - 2), type), service.map(ZoneService::validity));
    }

    private Name nameOf(Key key) {
        return apex.child(key.name(), key.namespace(), "svc").orElse(apex);
    }

    private Optional<Found> backward(Name name, ReverseName reversed, int type) {
        List<ResourceRecord> pointers = reversed.whole().stream()
                .flatMap(address -> names(address).stream())
                .map(target -> ResourceRecord.pointing(name, RecordType.PTR, ttl, target))
                .toList();
        Optional<ResourceRecord> zone = ranges.stream()
                .filter(range -> range.containsBlock(reversed.address(), reversed.bits()))
                .findFirst()
                .map(range -> start(range.reverseZone()));
        if (!pointers.isEmpty()) {
            boolean asked = type == RecordType.PTR;
            return Optional.of(
                    alone(asked ? Answer.of(pointers, List.of()) : Answer.nothing(zone.orElse(start(name)))));
        }
        boolean holds = reversed.sound() && reversed.whole().isEmpty();
        return zone.map(own -> alone(holds ? Answer.nothing(own) : Answer.missing(own)));
    }

    private List<Name> names(InetAddress address) {
        List<Name> names = new ArrayList<>();
        for (Key key : reverse.getOrDefault(address, List.of())) {
            ZoneService service = services.get(key);
            if (service != null && service.addresses().contains(address)) {
                names.add(nameOf(key));
            } else if (service != null) {
                service.hosts().stream()
                        .filter(host -> host.address().equals(address))
                        .map(Host::label)
                        .distinct()
                        .forEach(label -> nameOf(key).child(label).ifPresent(names::add));
            }
        }
        return names;
    }
}
