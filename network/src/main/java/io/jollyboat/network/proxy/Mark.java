package io.jollyboat.network.proxy;

/**
 * What the rules note on a connection when they meet a virtual address, in the 32 bits of its conntrack mark:
 *
 * <pre>
 *  31..16   15 14   13..9            8       7             6           5..0
 *  port      -      affinity class   local   masquerade    masquerade  slots
 *                                            from outside  always
 * </pre>
 *
 * The port and the flags stay for the life of the connection and make it a key of the affinity maps; the slots, which
 * change with the endpoints, are masked out there.
 */
final class Mark {
    static final int SLOTS = 0x3f;
    static final int MASQUERADE = 0x40;
    static final int MASQUERADE_OUTSIDE = 0x80;
    static final int LOCAL = 0x100;
    static final int AFFINITY = 0x3e00;
    static final int AFFINITY_SHIFT = 9;
    static final int KEY = ~SLOTS;

    private static final int PORT_SHIFT = 16;

    private Mark() {}

    /**
     * @param flags of {@link #MASQUERADE}, {@link #MASQUERADE_OUTSIDE} and {@link #LOCAL}
     * @param affinityClass 0 for none
     */
    static int of(int port, int affinityClass, int flags, Slots slots) {
        return port << PORT_SHIFT | affinityClass << AFFINITY_SHIFT | flags | slots.code();
    }

    static int affinityClass(int mark) {
        return (mark & AFFINITY) >>> AFFINITY_SHIFT;
    }
}
