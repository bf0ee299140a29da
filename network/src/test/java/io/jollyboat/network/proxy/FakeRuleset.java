package io.jollyboat.network.proxy;

import io.jollyboat.linux.LinuxException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A kernel in memory, as strict as the real one: nothing is added twice, and only what is there is removed. */
final class FakeRuleset implements Ruleset {
    final Map<Element, Element> elements = new HashMap<>();
    final List<Delta> forgotten = new ArrayList<>();
    Health health = Health.ABSENT;
    boolean foreign;
    int loads;
    int transactions;
    int failures;

    @Override
    public Health health() {
        return health;
    }

    @Override
    public void load(Collection<Element> all) {
        failWhereWanted();
        elements.clear();
        all.forEach(element -> elements.put(element.key(), element));
        health = Health.SOUND;
        loads++;
    }

    @Override
    public List<Element> read() {
        return new ArrayList<>(elements.values());
    }

    @Override
    public void apply(Delta delta) {
        failWhereWanted();
        for (Element element : delta.removed()) {
            if (!element.equals(elements.remove(element.key()))) {
                throw new IllegalStateException(element + " is not there");
            }
        }
        for (Element element : delta.added()) {
            if (elements.put(element.key(), element) != null) {
                throw new IllegalStateException(element + " is there already");
            }
        }
        transactions++;
    }

    private void failWhereWanted() {
        if (failures > 0) {
            failures--;
            throw new LinuxException("the test wants it so");
        }
    }

    @Override
    public void forget(Delta delta) {
        forgotten.add(delta);
    }

    @Override
    public boolean changedByOthers() {
        boolean changed = foreign;
        foreign = false;
        return changed;
    }

    @Override
    public void close() {}
}
