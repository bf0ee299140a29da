package io.jollyboat.network.dns;

import java.util.List;

/**
 * What a question is answered with.
 *
 * @param code see {@link ResponseCode}
 * @param authoritative whether it is this server's own knowledge
 * @param additional may be left out where it does not fit
 */
record Answer(
        int code,
        boolean authoritative,
        List<ResourceRecord> answers,
        List<ResourceRecord> authority,
        List<ResourceRecord> additional) {
    Answer {
        answers = List.copyOf(answers);
        authority = List.copyOf(authority);
        additional = List.copyOf(additional);
    }

    /** An answer that is nothing but a code. */
    static Answer bare(int code) {
        return new Answer(code, false, List.of(), List.of(), List.of());
    }

    static Answer of(List<ResourceRecord> answers, List<ResourceRecord> additional) {
        return new Answer(ResponseCode.NOERROR, true, answers, List.of(), additional);
    }

    /** The name is there, but no record of that type. */
    static Answer nothing(ResourceRecord start) {
        return new Answer(ResponseCode.NOERROR, true, List.of(), List.of(start), List.of());
    }

    /** There is no such name. */
    static Answer missing(ResourceRecord start) {
        return new Answer(ResponseCode.NXDOMAIN, true, List.of(), List.of(start), List.of());
    }

    boolean failed() {
        return code != ResponseCode.NOERROR && code != ResponseCode.NXDOMAIN;
    }
}
