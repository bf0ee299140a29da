package io.jollyboat.api.fields;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A set of paths into an object, as a tree: each node says whether its own path is a member. The paths {@code .spec},
 * {@code .spec.a} and {@code .spec.b.c} are
 *
 * <pre>
 * {"f:spec": {".": {}, "f:a": {}, "f:b": {"f:c": {}}}}
 * </pre>
 *
 * in the code of {@code fieldsV1}. A set that was handed out does not change; sets share their parts.
 */
public final class FieldSet {
    public static final FieldSet EMPTY = new FieldSet();

    private static final String SELF = ".";

    private boolean member;
    private Map<PathElement, FieldSet> children = Map.of();

    FieldSet() {}

    /** The set of one path of field names, and with it, for {@link #without}, of everything below. */
    public static FieldSet ofFields(String... names) {
        FieldSet set = new FieldSet();
        FieldSet at = set;
        for (String name : names) {
            at = at.child(PathElement.field(name));
        }
        at.member = names.length > 0;
        return set;
    }

    /**
     * Reads {@code fieldsV1}; elements of an unknown kind are passed over.
     *
     * @throws IllegalArgumentException where an element cannot be read
     */
    public static FieldSet decode(JsonNode fieldsV1) {
        FieldSet set = new FieldSet();
        fieldsV1.forEachEntry((code, below) -> {
            if (!code.equals(SELF) && PathElement.isKnown(code)) {
                FieldSet child = decode(below);
                child.member = below.has(SELF) || child.children.isEmpty();
                set.put(PathElement.parse(code), child);
            }
        });
        return set;
    }

    /** Writes {@code fieldsV1}, in Kubernetes' order. */
    public ObjectNode encode() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (member && !children.isEmpty()) {
            node.putObject(SELF);
        }
        for (PathElement element : PathElement.sorted(children.keySet())) {
            node.set(element.code(), below(element).encode());
        }
        return node;
    }

    public boolean isEmpty() {
        return !member && children.isEmpty();
    }

    boolean isMember() {
        return member;
    }

    Map<PathElement, FieldSet> children() {
        return children;
    }

    /** What is below an element; the empty set where there is nothing. */
    FieldSet below(PathElement element) {
        return children.getOrDefault(element, EMPTY);
    }

    /** While building: the node below, made when it is not there. */
    FieldSet child(PathElement element) {
        FieldSet found = children.get(element);
        if (found == null) {
            found = new FieldSet();
            put(element, found);
        }
        return found;
    }

    /** While building: makes this node's own path a member. */
    void add() {
        member = true;
    }

    /** While building: makes a path a member; the empty path is none. */
    void add(List<PathElement> path) {
        FieldSet at = this;
        for (PathElement element : path) {
            at = at.child(element);
        }
        at.member |= !path.isEmpty();
    }

    private void put(PathElement element, FieldSet below) {
        if (children.isEmpty()) {
            children = new HashMap<>();
        }
        children.put(element, below);
    }

    /** After building: takes away the nodes under which there is no member. */
    FieldSet pruned() {
        if (!children.isEmpty()) {
            children.values().removeIf(child -> child.pruned().isEmpty());
        }
        return this;
    }

    /** The paths that are in this set or in the other. */
    @SuppressWarnings("ReferenceEquality") // a set with itself need not be looked into
    public FieldSet union(FieldSet other) {
        if (other.isEmpty() || other == this) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        FieldSet set = new FieldSet();
        set.member = member || other.member;
        children.forEach(set::put);
        other.children.forEach((element, below) -> {
            FieldSet mine = children.get(element);
            set.put(element, mine == null ? below : mine.union(below));
        });
        return set;
    }

    /** The paths that are in both sets. */
    public FieldSet intersection(FieldSet other) {
        FieldSet set = new FieldSet();
        set.member = member && other.member;
        children.forEach((element, below) -> {
            FieldSet theirs = other.children.get(element);
            FieldSet both = theirs == null ? EMPTY : below.intersection(theirs);
            if (!both.isEmpty()) {
                set.put(element, both);
            }
        });
        return set;
    }

    /** The paths that are in this set and not in the other; this set itself where nothing goes. */
    public FieldSet difference(FieldSet other) {
        return minus(other, false);
    }

    /** The paths that are not in the other set, nor below one that is. */
    public FieldSet without(FieldSet other) {
        return minus(other, true);
    }

    @SuppressWarnings("ReferenceEquality") // what did not change is the same object
    private FieldSet minus(FieldSet other, boolean withAllBelow) {
        if (other.isEmpty() || isEmpty()) {
            return this;
        }
        FieldSet set = new FieldSet();
        set.member = member && !other.member;
        boolean changed = set.member != member;
        for (Map.Entry<PathElement, FieldSet> child : children.entrySet()) {
            FieldSet theirs = other.below(child.getKey());
            FieldSet left =
                    withAllBelow && theirs.member ? EMPTY : child.getValue().minus(theirs, withAllBelow);
            changed |= left != child.getValue();
            if (!left.isEmpty()) {
                set.put(child.getKey(), left);
            }
        }
        return changed ? set : this;
    }

    /** Calls for each path, in order: a level's own members before those further down. */
    void forEachPath(Consumer<List<PathElement>> visitor) {
        visit(new ArrayList<>(), visitor);
    }

    private void visit(List<PathElement> path, Consumer<List<PathElement>> visitor) {
        List<PathElement> sorted = PathElement.sorted(children.keySet());
        for (PathElement element : sorted) {
            if (below(element).member) {
                path.add(element);
                visitor.accept(List.copyOf(path));
                path.removeLast();
            }
        }
        for (PathElement element : sorted) {
            path.add(element);
            below(element).visit(path, visitor);
            path.removeLast();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldSet set && member == set.member && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return 31 * children.hashCode() + Boolean.hashCode(member);
    }

    @Override
    public String toString() {
        return encode().toString();
    }
}
