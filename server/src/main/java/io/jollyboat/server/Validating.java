package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.server.validation.Advice;
import io.jollyboat.server.validation.Validation;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Refuses what must not be stored, and tells users what they had better know of what is. */
final class Validating implements Step {
    /** Writes that the server itself composes and that no rule for changes by users allows. */
    private static final Set<String> OWN_WRITES = Set.of("binding");

    @Override
    public void take(Write write) {
        String subresource = write.target().subresource();
        if (OWN_WRITES.contains(subresource)) {
            return;
        }
        Resource asked = write.resource();
        Resource stored = Conversions.stored(asked);
        ObjectNode after = Conversions.in(asked, write.after());
        List<Cause> causes = write.before()
                .map(before -> Validation.update(
                        asked,
                        stored,
                        after,
                        Conversions.in(asked, before),
                        subresource.equals("scale") ? "" : subresource))
                .orElseGet(() -> Validation.create(asked, stored, after));
        if (!causes.isEmpty()) {
            throw StatusException.invalid(stored, write.target().name(), causes);
        }
        if (subresource.isEmpty()) {
            Advice.of(write.resource(), write.after(), write.before()).forEach(write::warn);
        } else if (subresource.equals("status")) {
            Advice.ofStatus(write.resource(), write.after()).forEach(write::warn);
        }
    }
}
