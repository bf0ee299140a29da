package io.jollyboat.network.proxy;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
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

    private static final String VIP = "ip daddr . meta l4proto . th dport";
    private static final String PORTS = "meta l4proto { tcp, udp, sctp }";

    private final ProxySettings settings;

    Skeleton(ProxySettings settings) {
        this.settings = settings;
    }

    /** The script that makes the table anew in one transaction, with these elements. */
    String script(Collection<Element> elements) {
        StringBuilder text = new StringBuilder();
        text.append("table ip %1$s\ndelete table ip %1$s\ntable ip %1$s {\n".formatted(TABLE));
        text.append(maps())
                .append(guards())
                .append(translation())
                .append(picks())
                .append(affinity());
        text.append("}\n");
        for (Element element : elements) {
            text.append("add element ip %s %s { %s }\n"
                    .formatted(TABLE, element.map().lower(), element.text()));
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
        String key = "type ipv4_addr . inet_proto . inet_service";
        StringBuilder text = new StringBuilder(" map state { type mark : mark; }\n");
        for (MapName map : MapName.values()) {
            text.append(
                    switch (map) {
                        case SERVICES, OUTSIDE -> " map %s { %s : mark; }\n".formatted(map.lower(), key);
                        case ENDPOINTS, LOCAL_ENDPOINTS ->
                            " map %s { typeof %s . numgen random mod 2 : ip daddr . th dport; }\n"
                                    .formatted(map.lower(), VIP);
                        case REFUSED, CLOSED, CLOSED_OUTSIDE, GUARDED ->
                            " set %s { %s; }\n".formatted(map.lower(), key);
                        case ALLOWED -> " set allowed { %s . ipv4_addr; flags interval; }\n".formatted(key);
                    });
        }
        Ipv4.Network pods = Ipv4.network(settings.podCidr());
        String itself = IntStream.rangeClosed(pods.first(), pods.last())
                .mapToObj(address -> Ipv4.text(address) + " . " + Ipv4.text(address))
                .collect(Collectors.joining(", "));
        text.append(" set hairpin { type ipv4_addr . ipv4_addr; elements = { %s } }\n".formatted(itself));
        return text.toString();
    }

    private String guards() {
        return """
                 chain guard_arriving { type filter hook prerouting priority -110; policy accept;
                  ct state new jump guard_outside
                  ct state new jump guard
                 }
                 chain guard_leaving { type filter hook output priority -110; policy accept;
                  ct state new jump guard
                 }
                 chain guard_outside {
                  %1$s @guarded %1$s . ip saddr != @allowed drop
                  ip saddr != %2$s %1$s @closed_outside drop
                 }
                 chain guard {
                  %1$s @refused reject
                  %1$s @closed drop
                 }
                 chain untranslated_forward { type filter hook forward priority filter; policy accept;
                  ip daddr %3$s reject
                 }
                 chain untranslated_output { type filter hook output priority filter; policy accept;
                  ip daddr %3$s fib daddr type != local reject
                 }
                """.formatted(VIP, settings.podNetwork(), virtual());
    }

    /** The addresses that nothing has. */
    private String virtual() {
        return settings.balancerRange()
                .map(range -> "{ " + settings.serviceCidr() + ", " + range + " }")
                .orElse(settings.serviceCidr());
    }

    private String translation() {
        return """
                 chain arriving { type nat hook prerouting priority -100; policy accept;
                  ip saddr != %2$s ct mark set %1$s map @outside
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
                  ct mark & 0x%5$x != 0 ip saddr != %2$s masquerade
                  ip saddr . ip daddr @hairpin masquerade
                 }
                """.formatted(VIP, settings.podNetwork(), Mark.SLOTS, Mark.MASQUERADE, Mark.MASQUERADE_OUTSIDE);
    }

    private static String picks() {
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

    private static void pick(StringBuilder text, String name, int count, MapName map, String otherwise) {
        text.append(" chain %s {\n%s  goto %s\n }\n".formatted(name, draw(count, map), otherwise));
    }

    /** One chain for all counts: adding an element costs the kernel a step for each rule that names its map. */
    private static void first(StringBuilder text, String name, MapName map) {
        text.append(" chain %s {\n%s  drop\n }\n".formatted(name, draw(1, map)));
    }

    private static String draw(int count, MapName map) {
        return "  %s dnat ip to %s . numgen random mod %d map @%s\n".formatted(PORTS, VIP, count, map.lower());
    }

    private static String affinity() {
        StringBuilder text = new StringBuilder();
        StringBuilder verdicts = new StringBuilder();
        for (int i = 1; i <= Affinity.classes(); i++) {
            text.append(String.format(Locale.ROOT, """
                     map %1$s { type mark . inet_proto . ipv4_addr . ipv4_addr : ipv4_addr . inet_service; size 65536; flags dynamic,timeout; timeout %2$ds; }
                     chain remember_%2$d {
                      %3$s dnat ip to ct mark & 0x%4$x . meta l4proto . ip saddr . ip daddr map @%1$s
                     }
                     chain learn_%2$d {
                      update @%1$s { ct mark & 0x%4$x . meta l4proto . ct original ip saddr . ct original ip daddr : ip daddr . th dport }
                     }
                    """, Affinity.map(i), Affinity.seconds(i), PORTS, Mark.KEY));
            verdicts.append("0x%x : goto learn_%d, ".formatted(i << Mark.AFFINITY_SHIFT, Affinity.seconds(i)));
        }
        text.append(" chain learn { type filter hook postrouting priority filter; policy accept;\n");
        text.append("  ct state new ct status dnat ct mark & 0x%x vmap { %s }\n }\n"
                .formatted(Mark.AFFINITY, verdicts.substring(0, verdicts.length() - 2)));
        return text.toString();
    }
}
