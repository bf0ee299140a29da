package io.jollyboat.store;

import java.util.Set;

/** Tells what a change is about, so that whoever watches one topic only sleeps through the others. */
public interface Topics {
    /** The topics before and after the change. It is asked while others wait: it must be quick, and must not fail. */
    Set<String> of(Changes.Change change);
}
