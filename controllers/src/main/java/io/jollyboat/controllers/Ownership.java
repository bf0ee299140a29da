package io.jollyboat.controllers;

import io.jollyboat.api.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An object's owners, sorted by how they fare.
 *
 * @param waiting those that are there until their dependents are gone
 */
record Ownership(List<OwnerReference> present, List<OwnerReference> waiting, List<OwnerReference> absent) {
    enum State {
        PRESENT,
        WAITING,
        ABSENT
    }

    Ownership {
        present = List.copyOf(present);
        waiting = List.copyOf(waiting);
        absent = List.copyOf(absent);
    }

    static Ownership of(List<OwnerReference> owners, Function<OwnerReference, State> state) {
        List<OwnerReference> present = new ArrayList<>();
        List<OwnerReference> waiting = new ArrayList<>();
        List<OwnerReference> absent = new ArrayList<>();
        for (OwnerReference owner : owners) {
            switch (state.apply(owner)) {
                case PRESENT -> present.add(owner);
                case WAITING -> waiting.add(owner);
                case ABSENT -> absent.add(owner);
            }
        }
        return new Ownership(present, waiting, absent);
    }

    /** Whether nothing is to be done: nobody owns the object, or all its owners count. */
    boolean stays() {
        return waiting.isEmpty() && absent.isEmpty();
    }

    /** Whether foreground deletion of the owner waits for an object with these owners. */
    static boolean blocks(List<OwnerReference> owners, String uid) {
        return owners.stream().anyMatch(owner -> owner.uid().equals(uid) && owner.blockOwnerDeletion());
    }
}
