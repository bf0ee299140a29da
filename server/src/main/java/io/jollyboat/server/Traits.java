package io.jollyboat.server;

import io.jollyboat.api.Resource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The table {@code traits.txt}: what differs between kinds in the server's treatment. */
final class Traits {
    private static final Map<String, Set<Trait>> TABLE = read();

    private Traits() {}

    static boolean has(Resource resource, Trait trait) {
        return TABLE.getOrDefault(resource.qualifiedPlural(), Set.of()).contains(trait);
    }

    private static Map<String, Set<Trait>> read() {
        Map<String, Set<Trait>> table = new HashMap<>();
        for (String line : Texts.lines("traits.txt")) {
            String[] column = line.split("\\s+");
            Set<Trait> traits = EnumSet.noneOf(Trait.class);
            for (String word : column[1].split(",")) {
                traits.add(trait(word));
            }
            table.put(column[0], traits);
        }
        return table;
    }

    /** {@code createOnUpdate} is {@link Trait#CREATE_ON_UPDATE}. */
    private static Trait trait(String word) {
        return Trait.valueOf(word.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT));
    }
}
