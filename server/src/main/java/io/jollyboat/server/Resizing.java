package io.jollyboat.server;

import io.jollyboat.api.Meta;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Refuses a resize of a Pod that adds, takes away or renames containers: they are matched by their places.
 *
 * <p>Source: the validation of Kubernetes 1.35.
 */
final class Resizing implements Step {
    private static final List<String> LISTS = List.of("containers", "initContainers");

    @Override
    public void take(Write write) {
        boolean resizes = write.target().subresource().equals("resize");
        if (!resizes || write.before().isEmpty()) {
            return;
        }
        List<Cause> causes = new ArrayList<>();
        for (String list : LISTS) {
            JsonNode now = write.after().path("spec").path(list);
            JsonNode before = write.before().get().path("spec").path(list);
            if (now.size() != before.size()) {
                causes.add(forbidden("spec." + list, list + " may not be added or removed on resize"));
                continue;
            }
            for (int i = 0; i < now.size(); i++) {
                if (!now.get(i).path("name").equals(before.get(i).path("name"))) {
                    String place = "spec.%s[%d].name".formatted(list, i);
                    causes.add(forbidden(place, list + " may not be renamed or reordered on resize"));
                }
            }
        }
        if (!causes.isEmpty()) {
            throw StatusException.invalid(write.resource(), Meta.name(write.after()), causes);
        }
    }

    private static Cause forbidden(String path, String words) {
        return new Cause("FieldValueForbidden", "Forbidden: " + words, path);
    }
}
