package io.jollyboat.network;

import java.util.Locale;

/** The transports that a port can name, with their numbers (IANA, "Protocol Numbers"). */
public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** In small letters, as nft and DNS write it. */
    public String lower() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** By the API's name; the default is TCP. */
    public static Protocol of(String name) {
        return switch (name) {
            case "UDP" -> UDP;
            case "SCTP" -> SCTP;
            default -> TCP;
        };
    }
}
