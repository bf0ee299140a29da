package io.jollyboat.client;

import java.util.AbstractCollection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map whose changed copies share nearly everything with it.
 *
 * <p>It is a hash trie (Bagwell, "Ideal Hash Trees", 2001): each level takes five bits of the key's hash and holds
 * only the children that exist, found by counting bits. With 32 ways per level a map of 30,000 entries is three levels
 * deep, so a change copies three small arrays, and a reader needs no lock.
 */
public final class PersistentMap<K, V> {
    private static final int BITS = 5;
    private static final int MASK = (1 << BITS) - 1;

    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);

    private final @Nullable Node<K, V> root;
    private final int size;

    private PersistentMap(@Nullable Node<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    public int size() {
        return size;
    }

    public Optional<V> get(K key) {
        int hash = spread(key);
        Node<K, V> node = root;
        for (int shift = 0; node instanceof Branch<K, V> branch; shift += BITS) {
            node = branch.child(hash, shift);
        }
        return switch (node) {
            case null -> Optional.empty();
            case Leaf<K, V> leaf -> leaf.key.equals(key) ? Optional.of(leaf.value) : Optional.empty();
            case Bucket<K, V> bucket ->
                bucket.leaves.stream()
                        .filter(leaf -> leaf.key.equals(key))
                        .map(Leaf::value)
                        .findFirst();
            case Branch<K, V> branch -> throw new IllegalStateException("the walk ends below the branches");
        };
    }

    public PersistentMap<K, V> put(K key, V value) {
        Leaf<K, V> leaf = new Leaf<>(spread(key), key, value);
        int grown = get(key).isPresent() ? size : size + 1;
        return new PersistentMap<>(root == null ? leaf : put(root, 0, leaf), grown);
    }

    public PersistentMap<K, V> remove(K key) {
        if (root == null || get(key).isEmpty()) {
            return this;
        }
        return size == 1 ? empty() : new PersistentMap<>(remove(root, 0, spread(key), key), size - 1);
    }

    /** A view of the values, in no particular order; its size costs nothing. */
    public Collection<V> values() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<V> iterator() {
                Walk<K, V> walk = new Walk<>(root);
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return walk.hasNext();
                    }

                    @Override
                    public V next() {
                        return walk.next().value;
                    }
                };
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    public void forEach(BiConsumer<K, V> visitor) {
        for (Walk<K, V> walk = new Walk<>(root); walk.hasNext(); ) {
            Leaf<K, V> leaf = walk.next();
            visitor.accept(leaf.key, leaf.value);
        }
    }

    private static int spread(Object key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    private static <K, V> Node<K, V> put(Node<K, V> node, int shift, Leaf<K, V> leaf) {
        return switch (node) {
            case Leaf<K, V> old
            when old.hash == leaf.hash -> old.key.equals(leaf.key) ? leaf : new Bucket<>(leaf.hash, List.of(old, leaf));
            case Leaf<K, V> old -> split(shift, old, old.hash, leaf);
            case Bucket<K, V> bucket
            when bucket.hash == leaf.hash -> {
                List<Leaf<K, V>> leaves = new ArrayList<>(bucket.leaves);
                leaves.removeIf(old -> old.key.equals(leaf.key));
                leaves.add(leaf);
                yield new Bucket<>(leaf.hash, List.copyOf(leaves));
            }
            case Bucket<K, V> bucket -> split(shift, bucket, bucket.hash, leaf);
            case Branch<K, V> branch -> {
                Node<K, V> child = branch.child(leaf.hash, shift);
                yield child == null
                        ? branch.with(leaf.hash, shift, leaf)
                        : branch.with(leaf.hash, shift, put(child, shift + BITS, leaf));
            }
        };
    }

    /** A branch over two nodes of different hashes, or a chain of branches while the hashes agree. */
    private static <K, V> Node<K, V> split(int shift, Node<K, V> old, int oldHash, Leaf<K, V> leaf) {
        Branch<K, V> none = new Branch<>(0, array(0));
        if (((oldHash >>> shift) & MASK) == ((leaf.hash >>> shift) & MASK)) {
            return none.with(oldHash, shift, split(shift + BITS, old, oldHash, leaf));
        }
        return none.with(oldHash, shift, old).with(leaf.hash, shift, leaf);
    }

    private static <K, V> @Nullable Node<K, V> remove(Node<K, V> node, int shift, int hash, K key) {
        return switch (node) {
            case Leaf<K, V> leaf -> null;
            case Bucket<K, V> bucket -> {
                List<Leaf<K, V>> left = bucket.leaves.stream()
                        .filter(leaf -> !leaf.key.equals(key))
                        .toList();
                yield left.size() == 1 ? left.getFirst() : new Bucket<>(hash, left);
            }
            case Branch<K, V> branch -> {
                Node<K, V> child = branch.child(hash, shift);
                Node<K, V> rest = child == null ? null : remove(child, shift + BITS, hash, key);
                yield rest == null
                        ? branch.without(hash, shift)
                        : branch.with(hash, shift, rest).lifted();
            }
        };
    }

    @SuppressWarnings("unchecked")
    private static <K, V> Node<K, V>[] array(int length) {
        return (Node<K, V>[]) new Node<?, ?>[length];
    }

    private sealed interface Node<K, V> {}

    private record Leaf<K, V>(int hash, K key, V value) implements Node<K, V> {}

    /** Two or more keys with the same hash. */
    private record Bucket<K, V>(int hash, List<Leaf<K, V>> leaves) implements Node<K, V> {}

    /** Bit {@code i} of {@code present} says that there is a child for the five bits {@code i}. */
    private record Branch<K, V>(int present, Node<K, V>[] children) implements Node<K, V> {
        @Nullable
        Node<K, V> child(int hash, int shift) {
            int bit = bit(hash, shift);
            return (present & bit) == 0 ? null : children[place(bit)];
        }

        Branch<K, V> with(int hash, int shift, Node<K, V> child) {
            int bit = bit(hash, shift);
            int place = place(bit);
            if ((present & bit) != 0) {
                Node<K, V>[] copy = children.clone();
                copy[place] = child;
                return new Branch<>(present, copy);
            }
            Node<K, V>[] copy = array(children.length + 1);
            System.arraycopy(children, 0, copy, 0, place);
            copy[place] = child;
            System.arraycopy(children, place, copy, place + 1, children.length - place);
            return new Branch<>(present | bit, copy);
        }

        @Nullable
        Node<K, V> without(int hash, int shift) {
            if (children.length == 1) {
                return null;
            }
            int bit = bit(hash, shift);
            int place = place(bit);
            Node<K, V>[] copy = array(children.length - 1);
            System.arraycopy(children, 0, copy, 0, place);
            System.arraycopy(children, place + 1, copy, place, copy.length - place);
            return new Branch<>(present & ~bit, copy).lifted();
        }

        /** A branch over a single leaf or bucket is that one. */
        Node<K, V> lifted() {
            return children.length == 1 && !(children[0] instanceof Branch) ? children[0] : this;
        }

        private int place(int bit) {
            return Integer.bitCount(present & (bit - 1));
        }

        private static int bit(int hash, int shift) {
            return 1 << ((hash >>> shift) & MASK);
        }
    }

    private static final class Walk<K, V> implements Iterator<Leaf<K, V>> {
        private final Deque<Node<K, V>> ahead = new ArrayDeque<>();

        Walk(@Nullable Node<K, V> root) {
            if (root != null) {
                ahead.push(root);
            }
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        @Override
        public Leaf<K, V> next() {
            while (true) {
                Node<K, V> node = ahead.poll();
                switch (node) {
                    case null -> throw new NoSuchElementException();
                    case Leaf<K, V> leaf -> {
                        return leaf;
                    }
                    case Bucket<K, V> bucket -> bucket.leaves.forEach(ahead::push);
                    case Branch<K, V> branch -> Arrays.asList(branch.children).forEach(ahead::push);
                }
            }
        }
    }
}
