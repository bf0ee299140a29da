package io.jollyboat.network.proxy;

import io.jollyboat.linux.Nftables.Family;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * The rules that never change while a node runs: chains that look virtual addresses up in maps.
 *
 * <p>A new connection to 10.43.0.20:80 goes this way. {@code services} (or, for outside clients of a Service with the
 * external policy Local, {@code outside}) tells its {@link Mark}; the mark's affinity class looks up the endpoint that
 * the client had before; the mark's slots lead to the chain that draws a slot and takes the endpoint from
 * {@code endpoints} or {@code local_endpoints}. If a change removed that slot between the two look-ups, slot 0 is taken. After translation
 * {@code learn} notes the endpoint for the next time, and {@code postrouting} gives the connection the node's address
 * where answers would otherwise go astray.
 *
 * <p>Earlier in the packet's way, {@code guard} refuses addresses that nobody serves; later, what is still on its way
 * to the Service range, or to the load balancers' own, was not translated, so there is no such Service, and is refused
 * too.
 */
final class Skeleton {
    static final String TABLE = "jollyboat_services";

    /** Holds two checks: of this script, and of what nft lists after loading it. */
    static final String STATE = "state";

    private static final String PORTS = "meta l4proto { tcp, udp, sctp }";

    private final ProxySettings settings;
    private final Family family;
    private final String ip;
    private final String vip;

    Skeleton(ProxySettings settings, Family family) {
        this.settings = settings;
        this.family = family;
        this.ip = word(family);
        this.vip = ip + " daddr . meta l4proto . th dport";
    }

    /** The script that makes the tables of all the node's families anew in one transaction, with these elements. */
    static String script(ProxySettings settings, Collection<Element> elements) {
        StringBuilder text = new StringBuilder();
        for (Family family : settings.families()) {
            List<Element> own = elements.stream()
                    .filter(element -> Codec.family(element) == family)
                    .toList();
            text.append(new Skeleton(settings, family).script(own));
        }
        return text.toString();
    }

    /** How nft names the family. */
    static String word(Family family) {
        return family == Family.IP ? "ip" : "ip6";
    }

    String script(Collection<Element> elements) {
        StringBuilder text = new StringBuilder();
        text.append("table %2$s %1$s\ndelete table %2$s %1$s\ntable %2$s %1$s {\n".formatted(TABLE, ip));
        text.append(maps())
                .append(guards())
                .append(translation())
                .append(picks())
                .append(affinity());
        text.append("}\n");
        for (Element element : elements) {
            text.append("add element %s %s %s { %s }\n"
                    .formatted(ip, TABLE, element.map().lower(), element.text()));
        }
        return text.toString();
    }

    /** Tells one version of the skeleton from another. */
    static int check(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    private String maps() {
        String key = "type " + address() + " . inet_proto . inet_service";
        StringBuilder text = new StringBuilder(" map state { type mark : mark; }\n");
        for (MapName map : MapName.values()) {
            text.append(
                    switch (map) {
                        case SERVICES, OUTSIDE -> " map %s { %s : mark; }\n".formatted(map.lower(), key);
                        case ENDPOINTS, LOCAL_ENDPOINTS ->
                            " map %s { typeof %s . numgen random mod 2 : %s daddr . th dport; }\n"
                                    .formatted(map.lower(), vip, ip);
                        case REFUSED, CLOSED, CLOSED_OUTSIDE, GUARDED ->
                            " set %s { %s; }\n".formatted(map.lower(), key);
                        case ALLOWED -> " set allowed { %s . %s; flags interval; }\n".formatted(key, address());
                    });
        }
        Subnet pods = Subnet.parse(ownPods());
        String itself = IntStream.range(0, 1 << pods.hostBits())
                .mapToObj(i -> pods.first().plus(i))
                .map(pod -> pod + " . " + pod)
                .collect(Collectors.joining(", "));
        text.append(" set hairpin { type %1$s . %1$s; elements = { %2$s } }\n".formatted(address(), itself));
        return text.toString();
    }

    /** IPv6's rule is given to the kernel directly: it is too long for {@code nft} ({@link NftRuleset}). */
    private String learning(int affinityClass) {
        return family == Family.IP6
                ? "# " + Affinity.map(affinityClass) + " likewise"
                : "update @%s { ct mark & 0x%x . meta l4proto . ct original ip saddr . ct original ip daddr : ip daddr . th dport }"
                        .formatted(Affinity.map(affinityClass), Mark.KEY);
    }

    private String address() {
        return family == Family.IP ? "ipv4_addr" : "ipv6_addr";
    }

    private String guards() {
        return guardOfLoopback() + """
                 chain guard_arriving { type filter hook prerouting priority -110; policy accept;
                  ct state new jump guard_outside
                  ct state new jump guard
                 }
                 chain guard_leaving { type filter hook output priority -110; policy accept;
                  ct state new jump guard
                 }
                 chain guard_outside {
                  %1$s @guarded %1$s . %4$s saddr != @allowed drop
                  %4$s saddr != %2$s %1$s @closed_outside drop
                 }
                 chain guard {
                  %1$s @refused reject
                  %1$s @closed drop
                 }
                 chain untranslated_forward { type filter hook forward priority filter; policy accept;
                  %4$s daddr %3$s reject
                 }
                 chain untranslated_output { type filter hook output priority filter; policy accept;
                  %4$s daddr %3$s fib daddr type != local reject
                 }
                """.formatted(vip, ownPods(), virtual(), ip);
    }

    /** The addresses that nothing has. */
    private String virtual() {
        String services = ProxySettings.of(family, settings.serviceCidrs());
        return settings.balancerRanges().stream()
                .filter(range -> Subnet.parse(range).isIpv4() == (family == Family.IP))
                .findFirst()
                .map(range -> "{ " + services + ", " + range + " }")
                .orElse(services);
    }

    /** Host ports on 127.0.0.1 need its addresses to be routed; so strangers must be kept from them. */
    private String guardOfLoopback() {
        return family == Family.IP ? """
                 chain guard_loopback { type filter hook prerouting priority raw; policy accept;
                  iifname != "lo" ip daddr 127.0.0.0/8 drop
                  iifname != "lo" ip saddr 127.0.0.0/8 drop
                 }
                """ : "";
    }

    /**
     * The Pods of this node. Those of others come from outside: their answers, which do not pass through here, would come from
     * an endpoint that they never asked (kube-proxy tells them apart likewise).
     */
    private String ownPods() {
        return ProxySettings.of(family, settings.podCidrs());
    }

    private String podNetwork() {
        return ProxySettings.of(family, settings.podNetworks());
    }

    private String translation() {
        return """
                 chain arriving { type nat hook prerouting priority -100; policy accept;
                  %6$s saddr != %8$s ct mark set %1$s map @outside
                  ct mark & 0x%3$x != 0 goto dispatch
                  ct mark set %1$s map @services
                  ct mark & 0x%3$x != 0 goto dispatch
                 }
                 chain leaving { type nat hook output priority -100; policy accept;
                  ct mark set %1$s map @services
                  ct mark & 0x%3$x != 0 goto dispatch
                 }
                 chain postrouting { type nat hook postrouting priority 100; policy accept;
                  ct status & dnat == 0 return
                  ct mark & 0x%4$x != 0 masquerade
                  ct mark & 0x%5$x != 0 %6$s saddr != %2$s masquerade
                  %6$s saddr . %6$s daddr @hairpin masquerade
                 %7$s}
                """.formatted(
                vip, podNetwork(), Mark.SLOTS, Mark.MASQUERADE, Mark.MASQUERADE_OUTSIDE, ip, loopback(), ownPods());
    }

    /** What the node sends itself cannot leave with the address that it sends it from. */
    private String loopback() {
        return family == Family.IP ? " ip saddr 127.0.0.0/8 masquerade\n " : "";
    }

    private String picks() {
        StringBuilder text = new StringBuilder();
        StringBuilder verdicts = new StringBuilder();
        first(text, "first", MapName.ENDPOINTS);
        first(text, "first_local", MapName.LOCAL_ENDPOINTS);
        for (Slots slots : Slots.all()) {
            pick(text, "pick_" + slots.count(), slots.count(), MapName.ENDPOINTS, "first");
            pick(text, "pick_local_" + slots.count(), slots.count(), MapName.LOCAL_ENDPOINTS, "first_local");
            verdicts.append("0x%x : goto pick_%d, 0x%x : goto pick_local_%d, "
                    .formatted(slots.code(), slots.count(), slots.code() | Mark.LOCAL, slots.count()));
        }
        String classes = IntStream.rangeClosed(1, Affinity.classes())
                .mapToObj(i -> "0x%x : jump remember_%d".formatted(i << Mark.AFFINITY_SHIFT, Affinity.seconds(i)))
                .collect(Collectors.joining(", "));
        text.append(" chain dispatch {\n  ct mark & 0x%x vmap { %s }\n".formatted(Mark.AFFINITY, classes));
        text.append("  ct mark & 0x%x vmap { %s }\n }\n"
                .formatted(Mark.SLOTS | Mark.LOCAL, verdicts.substring(0, verdicts.length() - 2)));
        return text.toString();
    }

    private void pick(StringBuilder text, String name, int count, MapName map, String otherwise) {
        text.append(" chain %s {\n%s  goto %s\n }\n".formatted(name, draw(count, map), otherwise));
    }

    /** One chain for all counts: adding an element costs the kernel a step for each rule that names its map. */
    private void first(StringBuilder text, String name, MapName map) {
        text.append(" chain %s {\n%s  drop\n }\n".formatted(name, draw(1, map)));
    }

    private String draw(int count, MapName map) {
        return "  %s dnat %s to %s . numgen random mod %d map @%s\n".formatted(PORTS, ip, vip, count, map.lower());
    }

    private String affinity() {
        StringBuilder text = new StringBuilder();
        StringBuilder verdicts = new StringBuilder();
        for (int i = 1; i <= Affinity.classes(); i++) {
            text.append(String.format(
                    Locale.ROOT,
                    """
                     map %1$s { type mark . inet_proto . %6$s . %6$s : %6$s . inet_service; size 65536; flags dynamic,timeout; timeout %2$ds; }
                     chain remember_%2$d {
                      %3$s dnat %5$s to ct mark & 0x%4$x . meta l4proto . %5$s saddr . %5$s daddr map @%1$s
                     }
                     chain learn_%2$d {
                      %7$s
                     }
                    """,
                    Affinity.map(i),
                    Affinity.seconds(i),
                    PORTS,
                    Mark.KEY,
                    ip,
                    address(),
                    learning(i)));
            verdicts.append("0x%x : goto learn_%d, ".formatted(i << Mark.AFFINITY_SHIFT, Affinity.seconds(i)));
        }
        text.append(" chain learn { type filter hook postrouting priority filter; policy accept;\n");
        text.append("  ct state new ct status dnat ct mark & 0x%x vmap { %s }\n }\n"
                .formatted(Mark.AFFINITY, verdicts.substring(0, verdicts.length() - 2)));
        return text.toString();
    }
}
