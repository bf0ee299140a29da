package io.jollyboat.client;

import java.util.List;
import java.util.Optional;

/** What became of one object of a mirror, as its projections before and after. */
public sealed interface Change<T> {
    Key key();

    /** The projections that the change knows, old before new: whoever is found in either has something to do. */
    List<T> versions();

    /** What was before; empty for what is new. */
    default Optional<T> previous() {
        return this instanceof Added<T>
                ? Optional.empty()
                : Optional.of(versions().getFirst());
    }

    /** What is now; empty for what is gone. */
    default Optional<T> present() {
        return this instanceof Removed<T>
                ? Optional.empty()
                : Optional.of(versions().getLast());
    }

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
