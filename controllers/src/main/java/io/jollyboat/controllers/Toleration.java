package io.jollyboat.controllers;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Pod puts up with.
 *
 * @param key "" for every taint
 * @param effect "" for every effect
 * @param seconds how long a {@code NoExecute} taint is tolerated; empty for ever
 */
public record Toleration(String key, boolean exists, String value, String effect, OptionalLong seconds) {
    public static List<Toleration> all(ObjectNode pod) {
        List<Toleration> found = new ArrayList<>();
        for (JsonNode entry : pod.path("spec").path("tolerations")) {
            JsonNode seconds = entry.path("tolerationSeconds");
            found.add(new Toleration(
                    entry.path("key").stringValue(""),
                    entry.path("operator").stringValue("").equals("Exists"),
                    entry.path("value").stringValue(""),
                    entry.path("effect").stringValue(""),
                    seconds.isNumber() ? OptionalLong.of(seconds.longValue()) : OptionalLong.empty()));
        }
        return found;
    }

    /** Source: core/v1 Toleration. */
    public boolean tolerates(Taint taint) {
        return (effect.isEmpty() || effect.equals(taint.effect()))
                && (key.isEmpty() ? exists : key.equals(taint.key()))
                && (exists || value.equals(taint.value()));
    }
}
