package io.jollyboat.server.compatibility;

import java.util.function.Predicate;

/**
 * One thing that is asked of kinds.
 *
 * @param applies whether it is asked of the kind at all
 * @param run throws an AssertionError that says what is wrong
 */
record Check(String name, Predicate<Sample> applies, Body run) {
    /** What a check does, with whatever goes wrong on the way. */
    interface Body {
        void accept(Trial trial) throws Exception;
    }

    /** Asked of kinds that offer a verb. */
    static Check ofVerb(String name, String verb, Body run) {
        return new Check(
                name, sample -> sample.isStored() && sample.resource().verbs().contains(verb), run);
    }

    /** Asked of all kinds that are stored. */
    static Check ofStored(String name, Body run) {
        return new Check(name, Sample::isStored, run);
    }
}
