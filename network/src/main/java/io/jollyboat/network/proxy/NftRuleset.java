package io.jollyboat.network.proxy;

import io.jollyboat.api.Ip;
import io.jollyboat.linux.Conntrack;
import io.jollyboat.linux.LinuxException;
import io.jollyboat.linux.NetworkNamespace;
import io.jollyboat.linux.Nftables;
import io.jollyboat.linux.Nftables.Family;
import io.jollyboat.linux.Nftables.RawElement;
import io.jollyboat.linux.Program;
import io.jollyboat.network.Protocol;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The table in a real kernel: the skeleton is loaded by {@code nft}, elements change over netlink. */
final class NftRuleset implements Ruleset {
    private static final int SCRIPT = 1;
    private static final int LISTING = 2;
    private static final Path ROUTE_LOCALNET = Path.of("/proc/sys/net/ipv4/conf/all/route_localnet");

    private final ProxySettings settings;
    private final NetworkNamespace namespace;
    private final int version;
    private final Nftables nftables;
    private final Conntrack conntrack;
    private int generation;

    NftRuleset(ProxySettings settings, NetworkNamespace namespace) {
        this.settings = settings;
        this.namespace = namespace;
        this.version = Skeleton.check(Skeleton.script(settings, List.of()));
        this.nftables = Nftables.open(namespace);
        this.conntrack = Conntrack.open(namespace);
    }

    @Override
    public Health health() {
        generation = nftables.generation();
        List<Set<String>> sets = settings.families().stream()
                .map(family -> nftables.sets(family, Skeleton.TABLE))
                .toList();
        if (sets.stream().allMatch(Set::isEmpty)) {
            return Health.ABSENT;
        }
        if (!sets.stream().allMatch(names -> names.contains(Skeleton.STATE))) {
            return Health.DAMAGED;
        }
        List<RawElement> state = nftables.elements(main(), Skeleton.TABLE, Skeleton.STATE);
        boolean sound = has(state, Codec.state(SCRIPT, version)) && has(state, Codec.state(LISTING, listing()));
        return sound ? Health.SOUND : Health.DAMAGED;
    }

    /** Own transactions are counted, each is one generation: what somebody else does meanwhile is then seen as his. */
    @Override
    public void load(Collection<Element> elements) {
        int before = nftables.generation();
        nft(Skeleton.script(settings, elements), "-f", "-");
        generation = before + 1;
        if (settings.families().contains(Family.IP6)) {
            nftables.change(
                    Family.IP6,
                    Skeleton.TABLE,
                    changes -> IntStream.rangeClosed(1, Affinity.classes())
                            .forEach(i -> changes.learn(Affinity.learning(i), Affinity.map(i), Mark.KEY)));
            generation++;
        }
        sign();
        settings.families().forEach(this::route);
        routeLoopback();
    }

    /** Notes how the rules look, unless somebody may have changed them already: then they count as damaged. */
    private void sign() {
        int listing = listing();
        boolean own = nftables.generation() == generation;
        nftables.change(main(), Skeleton.TABLE, changes -> {
            changes.add(Skeleton.STATE, Codec.state(SCRIPT, version));
            if (own) {
                changes.add(Skeleton.STATE, Codec.state(LISTING, listing));
            }
        });
        generation++;
    }

    @Override
    public List<Element> read() {
        List<Element> all = new ArrayList<>();
        for (Family family : settings.families()) {
            for (MapName map : MapName.values()) {
                for (RawElement raw : nftables.elements(family, Skeleton.TABLE, map.lower())) {
                    all.add(Codec.decode(family, map, raw));
                }
            }
        }
        return all;
    }

    @Override
    public void apply(Delta delta) {
        nftables.change(main(), Skeleton.TABLE, changes -> {
            delta.removed()
                    .forEach(element -> changes.in(Codec.family(element))
                            .remove(element.map().lower(), Codec.encode(element)));
            delta.added()
                    .forEach(element ->
                            changes.in(Codec.family(element)).add(element.map().lower(), Codec.encode(element)));
        });
        generation++;
    }

    /**
     * A UDP client that keeps its port keeps its connection, so that must go with its endpoint; likewise where a
     * connection was begun before anybody served the address, and so was never translated.
     */
    @Override
    public void forget(Delta delta) {
        Set<Integer> classes = new HashSet<>();
        Set<Delta.Gone> gone = new HashSet<>();
        for (Delta.Gone one : delta.gone()) {
            gone.add(new Delta.Gone(one.vip(), one.backend(), 0));
            classes.add(one.affinityClass());
        }
        classes.stream().filter(one -> one > 0).forEach(one -> forgetAffinity(one, gone));
        for (Family family : settings.families()) {
            boolean udp = Stream.concat(gone.stream().map(Delta.Gone::vip), delta.fresh().stream())
                    .anyMatch(vip ->
                            vip.protocol() == Protocol.UDP && vip.address().isIpv4() == (family == Family.IP));
            if (udp) {
                conntrack.forget(family, flow -> isStale(flow, gone, delta.fresh()));
            }
        }
    }

    @Override
    public boolean changedByOthers() {
        int now = nftables.generation();
        boolean changed = now != generation;
        generation = now;
        return changed;
    }

    @Override
    public void close() {
        nftables.close();
        conntrack.close();
    }

    private static boolean isStale(Conntrack.Flow flow, Set<Delta.Gone> gone, Set<Vip> fresh) {
        if (flow.protocol() != Protocol.UDP.number()) {
            return false;
        }
        Vip vip = new Vip(Ip.of(flow.target()), Protocol.UDP, flow.targetPort());
        Backend answers = new Backend(Ip.of(flow.answers()), flow.answersPort());
        boolean translated = !answers.address().equals(vip.address()) || answers.port() != vip.port();
        return translated ? gone.contains(new Delta.Gone(vip, answers, 0)) : fresh.contains(vip);
    }

    private void forgetAffinity(int affinityClass, Set<Delta.Gone> gone) {
        String map = Affinity.map(affinityClass);
        for (Family family : settings.families()) {
            for (RawElement raw : nftables.elements(family, Skeleton.TABLE, map)) {
                if (gone.contains(Codec.affinity(family, raw, 0))) {
                    forgetAffinity(family, map, raw);
                }
            }
        }
    }

    private void forgetAffinity(Family family, String map, RawElement raw) {
        try {
            nftables.change(family, Skeleton.TABLE, changes -> changes.remove(map, raw));
            generation++;
        } catch (LinuxException e) {
            if (!e.isMissing()) {
                throw e; // a missing one has just run out by itself
            }
        }
    }

    /**
     * The node's own connections to cluster IPs need a route before they are translated; afterwards they get another.
     * What is not translated is refused, and the kernel delivers that answer only with a real device in the route.
     */
    private void route(Family family) {
        String address = ProxySettings.of(family, settings.nodeAddresses());
        String[] words = inside("ip", "-o", "addr", "show", "to", address).split("\\s+");
        if (words.length < 2) {
            throw new LinuxException("no device in %s has the node's address %s".formatted(namespace, address));
        }
        inside(
                "ip",
                "route",
                "replace",
                ProxySettings.of(family, settings.serviceCidrs()),
                "dev",
                words[1],
                "src",
                address);
    }

    /** The family whose table says how sound all are. */
    private Family main() {
        return settings.families().getFirst();
    }

    /** What the node sends to its own 127.0.0.1 may go on to a Pod; the skeleton keeps strangers out. */
    private void routeLoopback() {
        try {
            namespace.call(() -> Files.writeString(ROUTE_LOCALNET, "1"));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LinuxException("cannot set " + ROUTE_LOCALNET + " in " + namespace, e);
        }
    }

    private String inside(String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + namespace.file()));
        words.addAll(List.of(command));
        return Program.run(words.toArray(String[]::new));
    }

    private int listing() {
        StringBuilder text = new StringBuilder();
        for (Family family : settings.families()) {
            text.append(nft("", "-t", "list", "table", Skeleton.word(family), Skeleton.TABLE));
        }
        return Skeleton.check(text.toString());
    }

    private String nft(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + namespace.file(), "nft"));
        command.addAll(List.of(arguments));
        return Program.feed(input, command);
    }

    private static boolean has(List<RawElement> state, RawElement wanted) {
        return state.stream()
                .anyMatch(element -> java.util.Arrays.equals(element.key(), wanted.key())
                        && java.util.Arrays.equals(element.value(), wanted.value()));
    }
}
