package io.jollyboat.network.proxy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How to get from the elements that are to those that should be.
 *
 * @param removed first to be taken out, among them those that come back with another value
 * @param gone endpoints that no longer serve an address: connections must not go on to them
 * @param fresh addresses that nobody served before: connections of before were not translated
 */
record Delta(List<Element> removed, List<Element> added, List<Gone> gone, Set<Vip> fresh) {
    /** An endpoint that left an address. */
    record Gone(Vip vip, Backend backend, int affinityClass) {}

    Delta {
        removed = List.copyOf(removed);
        added = List.copyOf(added);
        gone = List.copyOf(gone);
        fresh = Set.copyOf(fresh);
    }

    /** The difference of elements alone. */
    static Delta between(Collection<Element> before, Collection<Element> after) {
        return between(before, after, List.of(), Set.of());
    }

    /** As {@link #between}, with what the elements themselves tell of endpoints that left and addresses that came. */
    static Delta adopting(Collection<Element> present, Collection<Element> wanted) {
        Map<Vip, Integer> classes = new HashMap<>();
        Set<Gone> gone = new HashSet<>();
        Set<Vip> fresh = new HashSet<>();
        for (Element element : wanted) {
            if (element.map() == MapName.SERVICES) {
                fresh.add(element.vip());
            }
        }
        for (Element element : present) {
            if (element.map() == MapName.SERVICES) {
                classes.put(element.vip(), Mark.affinityClass(element.mark()));
                fresh.remove(element.vip());
            }
        }
        present.forEach(element -> addBackend(element, classes, gone));
        Set<Gone> left = new HashSet<>();
        wanted.forEach(element -> addBackend(element, classes, left));
        gone.removeAll(left);
        return between(present, wanted, List.copyOf(gone), fresh);
    }

    private static void addBackend(Element element, Map<Vip, Integer> classes, Set<Gone> into) {
        if (element.isEndpoint()) {
            into.add(new Gone(element.vip(), element.backend(), classes.getOrDefault(element.vip(), 0)));
        }
    }

    static Delta between(Collection<Element> before, Collection<Element> after, List<Gone> gone, Set<Vip> fresh) {
        if (before.isEmpty()) {
            return new Delta(List.of(), new ArrayList<>(after), gone, fresh);
        }
        Map<Element, Element> left = new HashMap<>();
        before.forEach(element -> left.put(element.key(), element));
        List<Element> removed = new ArrayList<>();
        Map<Element, Element> added = new HashMap<>();
        List<Element> order = new ArrayList<>();
        for (Element element : after) {
            Element old = left.remove(element.key());
            if (old == null) {
                if (added.put(element.key(), element) == null) {
                    order.add(element);
                }
            } else if (!old.hasValueOf(element)) {
                removed.add(old);
                order.add(element);
            }
        }
        for (Element element : before) {
            if (left.remove(element.key()) != null) {
                removed.add(element);
            }
        }
        return new Delta(removed, order, gone, fresh);
    }

    /** The same in several transactions; an element that only changes its value stays within one. */
    List<Delta> parts(int most) {
        Set<Element> back = new HashSet<>();
        added.forEach(element -> back.add(element.key()));
        List<Element> out = new ArrayList<>(removed);
        out.removeIf(element -> back.contains(element.key()));
        Map<Element, Element> replaced = new HashMap<>();
        removed.forEach(element -> replaced.put(element.key(), element));
        List<Delta> parts = new ArrayList<>();
        for (int i = 0; i < added.size(); i += most / 2) {
            List<Element> in = added.subList(i, Math.min(added.size(), i + most / 2));
            List<Element> before = in.stream()
                    .map(element -> replaced.get(element.key()))
                    .filter(java.util.Objects::nonNull)
                    .toList();
            parts.add(new Delta(before, in, List.of(), Set.of()));
        }
        for (int i = 0; i < out.size(); i += most) {
            parts.add(new Delta(out.subList(i, Math.min(out.size(), i + most)), List.of(), List.of(), Set.of()));
        }
        return parts;
    }

    boolean isEmpty() {
        return removed.isEmpty() && added.isEmpty();
    }

    int size() {
        return removed.size() + added.size();
    }
}
