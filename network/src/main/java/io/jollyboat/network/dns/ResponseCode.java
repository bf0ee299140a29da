package io.jollyboat.network.dns;

/** What a message's code tells (RFC 1035 section 4.1.1, RFC 6891 for the one that needs EDNS). */
final class ResponseCode {
    static final int NOERROR = 0;
    static final int FORMERR = 1;
    static final int SERVFAIL = 2;
    static final int NXDOMAIN = 3;
    static final int NOTIMP = 4;
    static final int REFUSED = 5;
    static final int BADVERS = 16;

    private ResponseCode() {}
}
