package io.jollyboat.network.dns;

/** The numbers of record types (IANA, "Domain Name System Parameters"), and where names stand in their contents. */
final class RecordType {
    static final int A = 1;
    static final int NS = 2;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int PTR = 12;
    static final int HINFO = 13;
    static final int MX = 15;
    static final int TXT = 16;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int OPT = 41;
    static final int IXFR = 251;
    static final int AXFR = 252;
    static final int ANY = 255;

    /** Contents that may have any length to their end. */
    static final int ANY_LENGTH = -1;

    /**
     * How a record's contents are made up: bytes, then names, then bytes to the end.
     *
     * @param before bytes in front of the first name
     * @param names how many names follow
     * @param after bytes behind the names, or {@link #ANY_LENGTH}
     * @param compressed whether a writer may shorten the names (RFC 3597 section 4, RFC 2782 for SRV)
     */
    record Layout(int before, int names, int after, boolean compressed) {}

    private static final Layout OPAQUE = new Layout(0, 0, ANY_LENGTH, false);
    private static final Layout IPV4 = new Layout(0, 0, 4, false);
    private static final Layout IPV6 = new Layout(0, 0, 16, false);
    private static final Layout ONE_NAME = new Layout(0, 1, 0, true);
    private static final Layout START_OF_AUTHORITY = new Layout(0, 2, 20, true);
    private static final Layout EXCHANGE = new Layout(2, 1, 0, true);
    private static final Layout SERVICE = new Layout(6, 1, 0, false);

    private RecordType() {}

    static Layout layout(int type) {
        return switch (type) {
            case A -> IPV4;
            case AAAA -> IPV6;
            case NS, CNAME, PTR -> ONE_NAME;
            case SOA -> START_OF_AUTHORITY;
            case MX -> EXCHANGE;
            case SRV -> SERVICE;
            default -> OPAQUE;
        };
    }
}
