package io.jollyboat.store;

import io.jollyboat.store.Store.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An immutable map of entries in key order. A change makes a new tree that shares all but the changed path with the
 * old one, so whoever holds a tree holds a snapshot, and needs no lock.
 *
 * <p>It is a weight-balanced tree (Adams 1992, with the bounds that Hirai and Yamamoto proved in 2011): every node
 * knows how many entries are beneath it, and no side has more than three times as many as the other. The same count
 * answers in logarithmic time how many entries a prefix has.
 */
final class Tree {
    /** How many times heavier one side may be before it is rotated. */
    private static final int HEAVIER = 3;
    /** How many times heavier the inner grandchild may be before the rotation is double. */
    private static final int INNER = 2;

    static final Tree EMPTY = new Tree();

    private final Entry entry;
    private final Tree left;
    private final Tree right;
    private final int size;

    private Tree() {
        entry = new Entry("", new byte[0], 0);
        left = this;
        right = this;
        size = 0;
    }

    private Tree(Entry entry, Tree left, Tree right) {
        this.entry = entry;
        this.left = left;
        this.right = right;
        this.size = left.size + right.size + 1;
    }

    /** Builds a tree in linear time from entries in ascending key order. */
    static Tree of(List<Entry> sorted) {
        if (sorted.isEmpty()) {
            return EMPTY;
        }
        int middle = sorted.size() / 2;
        return new Tree(
                sorted.get(middle), of(sorted.subList(0, middle)), of(sorted.subList(middle + 1, sorted.size())));
    }

    int size() {
        return size;
    }

    Optional<Entry> get(String key) {
        Tree at = this;
        while (at.size > 0) {
            int order = key.compareTo(at.entry.key());
            if (order == 0) {
                return Optional.of(at.entry);
            }
            at = order < 0 ? at.left : at.right;
        }
        return Optional.empty();
    }

    /** This tree with the entry added, or put in the place of the one with the same key. */
    Tree with(Entry added) {
        if (size == 0) {
            return new Tree(added, EMPTY, EMPTY);
        }
        int order = added.key().compareTo(entry.key());
        if (order == 0) {
            return new Tree(added, left, right);
        }
        return order < 0 ? balanced(entry, left.with(added), right) : balanced(entry, left, right.with(added));
    }

    /** This tree without the key, which need not be there. */
    Tree without(String key) {
        if (size == 0) {
            return this;
        }
        int order = key.compareTo(entry.key());
        if (order < 0) {
            return balanced(entry, left.without(key), right);
        }
        if (order > 0) {
            return balanced(entry, left, right.without(key));
        }
        if (left.size == 0) {
            return right;
        }
        if (right.size == 0) {
            return left;
        }
        Entry next = right.first();
        return balanced(next, left, right.without(next.key()));
    }

    /** How many keys are less than {@code key}. */
    int countBefore(String key) {
        int count = 0;
        Tree at = this;
        while (at.size > 0) {
            if (key.compareTo(at.entry.key()) <= 0) {
                at = at.left;
            } else {
                count += at.left.size + 1;
                at = at.right;
            }
        }
        return count;
    }

    /** At most {@code limit} entries in key order, from the one that has {@code skip} entries before it. */
    List<Entry> slice(int skip, int limit) {
        List<Entry> found = new ArrayList<>(Math.max(0, Math.min(limit, size - skip)));
        collect(skip, limit, found);
        return found;
    }

    private void collect(int skip, int limit, List<Entry> found) {
        if (size <= skip || found.size() >= limit) {
            return;
        }
        left.collect(skip, limit, found);
        if (skip <= left.size && found.size() < limit) {
            found.add(entry);
        }
        right.collect(Math.max(0, skip - left.size - 1), limit, found);
    }

    /** All entries in key order. */
    List<Entry> all() {
        return slice(0, size);
    }

    private Entry first() {
        Tree at = this;
        while (at.left.size > 0) {
            at = at.left;
        }
        return at.entry;
    }

    private static Tree balanced(Entry entry, Tree left, Tree right) {
        if (left.size + right.size > 1) {
            if (right.size > HEAVIER * left.size) {
                return leaningLeft(entry, left, right);
            }
            if (left.size > HEAVIER * right.size) {
                return leaningRight(entry, left, right);
            }
        }
        return new Tree(entry, left, right);
    }

    private static Tree leaningLeft(Entry entry, Tree left, Tree right) {
        Tree inner = right.left;
        if (inner.size < INNER * right.right.size) {
            return new Tree(right.entry, new Tree(entry, left, inner), right.right);
        }
        return new Tree(
                inner.entry, new Tree(entry, left, inner.left), new Tree(right.entry, inner.right, right.right));
    }

    private static Tree leaningRight(Entry entry, Tree left, Tree right) {
        Tree inner = left.right;
        if (inner.size < INNER * left.left.size) {
            return new Tree(left.entry, left.left, new Tree(entry, inner, right));
        }
        return new Tree(inner.entry, new Tree(left.entry, left.left, inner.left), new Tree(entry, inner.right, right));
    }

    /** Whether order, counts and balance hold everywhere; tests ask this after their steps. */
    boolean sound() {
        if (size == 0) {
            return true;
        }
        boolean ordered = (left.size == 0 || left.entry.key().compareTo(entry.key()) < 0)
                && (right.size == 0 || right.entry.key().compareTo(entry.key()) > 0);
        boolean level =
                left.size + right.size <= 1 || (left.size <= HEAVIER * right.size && right.size <= HEAVIER * left.size);
        return ordered && level && size == left.size + right.size + 1 && left.sound() && right.sound();
    }
}
