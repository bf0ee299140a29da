package io.jollyboat.server.http.turns;

/**
 * Requests that share their turns with each other and with nobody else.
 *
 * @param schema the row of {@code flows.txt} that they match
 * @param level whose seats they take
 * @param name the user or the namespace that they are told apart by
 */
record Flow(String schema, Level level, String name) {
    String key() {
        return schema + '/' + name;
    }
}
