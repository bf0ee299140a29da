package io.jollyboat.server.http.turns;

/**
 * Requests that share their turns with each other and with nobody else.
 *
 * @param schema the FlowSchema that they match
 * @param schemaUid "" where it is not stored
 * @param level the name of the priority level whose seats they take
 * @param levelUid "" where it is not stored
 * @param name the user or the namespace that they are told apart by
 */
public record Flow(String schema, String schemaUid, String level, String levelUid, String name) {
    String key() {
        return schema + '/' + name;
    }
}
