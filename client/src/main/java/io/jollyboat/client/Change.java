package io.jollyboat.client;

import java.util.List;

/** What became of one object of a mirror, as its projections before and after. */
public sealed interface Change<T> {
    Key key();

    /** The projections that the change knows, old before new: whoever is found in either has something to do. */
    List<T> versions();

    record Added<T>(Key key, T after) implements Change<T> {
        @Override
        public List<T> versions() {
            return List.of(after);
        }
    }

    /** Also where an object was replaced by another of the same name. */
    record Modified<T>(Key key, T before, T after) implements Change<T> {
        @Override
        public List<T> versions() {
            return List.of(before, after);
        }
    }

    record Removed<T>(Key key, T before) implements Change<T> {
        @Override
        public List<T> versions() {
            return List.of(before);
        }
    }
}
