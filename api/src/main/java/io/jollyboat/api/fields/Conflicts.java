package io.jollyboat.api.fields;

import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Cause;
import io.jollyboat.api.StatusException.Failure;
import io.jollyboat.api.StatusException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What an apply wants to change although others own it: for each of them, sorted, the paths. */
record Conflicts(List<Entry> owners) {
    Conflicts {
        owners = owners.stream()
                .filter(entry -> !entry.fields().isEmpty())
                .sorted((a, b) -> a.id().toString().compareTo(b.id().toString()))
                .toList();
    }

    boolean isEmpty() {
        return owners.isEmpty();
    }

    Conflicts without(FieldSet allowed) {
        return new Conflicts(owners.stream()
                .map(entry -> entry.with(entry.fields().difference(allowed)))
                .toList());
    }

    StatusException exception() {
        List<Cause> causes = new ArrayList<>();
        StringBuilder details = new StringBuilder();
        for (Entry owner : owners) {
            String with = owner.id().text();
            details.append(details.isEmpty() ? "" : "\n")
                    .append("conflicts with ")
                    .append(with)
                    .append(':');
            owner.fields().forEachPath(path -> {
                String field = path.stream().map(PathElement::text).collect(Collectors.joining());
                causes.add(new Cause("FieldManagerConflict", "conflict with " + with, field));
                details.append("\n- ").append(field);
            });
        }
        String message = causes.size() == 1
                ? "Apply failed with 1 conflict: " + causes.getFirst().message() + ": "
                        + causes.getFirst().field()
                : "Apply failed with " + causes.size() + " conflicts: " + details;
        return new StatusException(new Failure(Reason.CONFLICT, message, "", "", "", "", causes, 0));
    }
}
