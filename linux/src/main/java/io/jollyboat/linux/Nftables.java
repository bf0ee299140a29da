package io.jollyboat.linux;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The elements of nftables' sets and maps in one namespace, read and changed without the program {@code nft}: a change
 * of thousands of elements takes milliseconds, and one of a few some 50 µs (nf_tables.h of the kernel's interface).
 */
public final class Nftables implements AutoCloseable {
    /** The tables of IPv4 and of IPv6. */
    public enum Family {
        IP(2),
        IP6(10);

        private final int number;

        Family(int number) {
            this.number = number;
        }

        /** The address family's number, as the kernel has it. */
        int number() {
            return number;
        }
    }

    /**
     * An element as the kernel keeps it: fields in network order, each padded to four bytes (marks and indexes in the
     * machine's order).
     *
     * @param end the upper end of a range, empty for a single key
     * @param value empty in a set
     */
    public record RawElement(byte[] key, byte[] end, byte[] value) {}

    private static final int SUBSYSTEM = 10;
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;
    private static final int GET_SET = 10;
    private static final int NEW_ELEMENTS = 12;
    private static final int GET_ELEMENTS = 13;
    private static final int DELETE_ELEMENTS = 14;
    private static final int GET_GENERATION = 16;
    private static final int GENERATION_ID = 1;
    private static final int TABLE = 1;
    private static final int SET = 2;
    private static final int ELEMENTS = 3;
    private static final int ELEMENT = 1;
    private static final int KEY = 1;
    private static final int DATA = 2;
    private static final int FLAGS = 3;
    private static final int KEY_END = 10;
    private static final int VALUE = 1;
    private static final int FLAG_END = 1;

    /** A list of elements is an attribute, whose length has 16 bits. */
    private static final int LIST_BYTES = 60_000;

    private final Netlink netlink;

    private Nftables(Netlink netlink) {
        this.netlink = netlink;
    }

    public static Nftables open(NetworkNamespace namespace) {
        return new Nftables(Netlink.open(namespace));
    }

    /** Counts the transactions of everybody in this namespace: as long as it stays, no rule has changed. */
    public int generation() {
        return netlink.ask(out -> {
                    out.end(out.begin(type(GET_GENERATION), 0, 0, 0));
                    out.acknowledge();
                })
                .getFirst()
                .attributes()
                .number(GENERATION_ID);
    }

    /** The names of a table's sets and maps; none when there is no such table. */
    public Set<String> sets(Family family, String table) {
        Set<String> names = new HashSet<>();
        try {
            List<Netlink.Message> messages = netlink.dump(out -> {
                int message = out.begin(type(GET_SET), NetlinkWriter.DUMP, family.number, 0);
                out.text(TABLE, table);
                out.end(message);
            });
            messages.forEach(message -> names.add(message.attributes().text(SET)));
        } catch (LinuxException e) {
            if (!e.isMissing()) {
                throw e;
            }
        }
        return names;
    }

    /**
     * All elements of a set or map.
     *
     * @throws LinuxException when there is no such set
     */
    public List<RawElement> elements(Family family, String table, String set) {
        List<Netlink.Message> messages = netlink.dump(out -> {
            int message = out.begin(type(GET_ELEMENTS), NetlinkWriter.DUMP, family.number, 0);
            out.text(TABLE, table);
            out.text(SET, set);
            out.end(message);
        });
        List<RawElement> elements = new ArrayList<>();
        for (Netlink.Message message : messages) {
            for (Attributes.Attribute one :
                    message.attributes().nested(ELEMENTS).all()) {
                Attributes element = new Attributes(one.value());
                if ((element.number(FLAGS) & FLAG_END) == 0) {
                    elements.add(new RawElement(
                            element.nested(KEY).bytes(VALUE),
                            element.nested(KEY_END).bytes(VALUE),
                            element.nested(DATA).bytes(VALUE)));
                }
            }
        }
        return elements;
    }

    /**
     * Makes changes as one transaction: all of them or none.
     *
     * @throws LinuxException when the kernel refuses it; then nothing has changed
     */
    public void change(Family family, String table, Consumer<Changes> changes) {
        netlink.ask(out -> {
            out.end(out.begin(BATCH_BEGIN, 0, 0, SUBSYSTEM));
            Changes written = new Changes(out, family, table);
            changes.accept(written);
            written.close();
            out.acknowledge();
            out.end(out.begin(BATCH_END, 0, 0, SUBSYSTEM));
        });
    }

    @Override
    public void close() {
        netlink.close();
    }

    private static int type(int message) {
        return SUBSYSTEM << 8 | message;
    }

    /** Takes the changes of one transaction, at least one, in the order in which they are to be made. */
    public static final class Changes {
        private final NetlinkWriter out;
        private Family family;
        private final String table;
        private String set = "";
        private boolean adding;
        private int message = -1;
        private int list;

        private Changes(NetlinkWriter out, Family family, String table) {
            this.out = out;
            this.family = family;
            this.table = table;
        }

        /** What follows belongs to the table of that name in another family. */
        public Changes in(Family other) {
            if (other != family) {
                close();
                family = other;
            }
            return this;
        }

        public void add(String toSet, RawElement element) {
            open(toSet, true);
            write(element, true);
        }

        public void remove(String fromSet, RawElement element) {
            open(fromSet, false);
            write(element, false);
        }

        /**
         * Adds a rule to a chain of the IPv6 table: it notes in a map, under the connection's mark, protocol, client and
         * first target, where the connection was translated to.
         *
         * @param mask of the mark
         */
        public void learn(String chain, String map, int mask) {
            close();
            AffinityRule.write(out, SUBSYSTEM, table, chain, map, mask);
        }

        private void open(String wanted, boolean add) {
            if (message >= 0 && adding == add && set.equals(wanted) && out.position() - list < LIST_BYTES) {
                return;
            }
            close();
            set = wanted;
            adding = add;
            message = out.begin(
                    type(add ? NEW_ELEMENTS : DELETE_ELEMENTS), add ? NetlinkWriter.CREATE : 0, family.number, 0);
            out.text(TABLE, table);
            out.text(SET, set);
            list = out.nest(ELEMENTS);
        }

        private void write(RawElement element, boolean withValue) {
            int start = out.nest(ELEMENT);
            field(KEY, element.key());
            if (element.end().length > 0) {
                field(KEY_END, element.end());
            }
            if (withValue && element.value().length > 0) {
                field(DATA, element.value());
            }
            out.endNest(start);
        }

        private void field(int attribute, byte[] bytes) {
            int start = out.nest(attribute);
            out.bytes(VALUE, bytes);
            out.endNest(start);
        }

        private void close() {
            if (message >= 0) {
                out.endNest(list);
                out.end(message);
                message = -1;
            }
        }
    }
}
