package io.jollyboat.server;

import io.jollyboat.api.Resource;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * A creation or change on its way through the {@link Steps}: each step reads what was before and what the client
 * wants, and may refuse it or change it.
 */
final class Write {
    /** How the wish came: as a whole object, as one that was read into its type before, as a patch, or as an intent to apply. */
    enum Origin {
        BODY,
        READ,
        PATCH,
        APPLY
    }

    private final User user;
    private final Target target;
    private final WriteOptions options;
    private final Origin origin;
    private final Optional<ObjectNode> before;
    private final ObjectNode after;
    private final List<Runnable> kept = new ArrayList<>();
    private final List<Runnable> undone = new ArrayList<>();

    /** @param after belongs to this write, which changes it */
    Write(
            User user,
            Target target,
            WriteOptions options,
            Origin origin,
            Optional<ObjectNode> before,
            ObjectNode after) {
        this.user = user;
        this.origin = origin;
        this.target = target;
        this.options = options;
        this.before = before;
        this.after = after;
    }

    User user() {
        return user;
    }

    Target target() {
        return target;
    }

    Resource resource() {
        return target.resource();
    }

    /** The kind without its version: {@code pods}, {@code deployments.apps}. */
    String kind() {
        return target.resource().qualifiedPlural();
    }

    boolean isCreationOf(String kind) {
        return creates() && kind().equals(kind);
    }

    WriteOptions options() {
        return options;
    }

    Origin origin() {
        return origin;
    }

    /** True when there was nothing before. */
    boolean creates() {
        return before.isEmpty();
    }

    /** What is stored; empty for a creation. Not to be changed. */
    Optional<ObjectNode> before() {
        return before;
    }

    /** What shall be stored. */
    ObjectNode after() {
        return after;
    }

    void warn(String text) {
        options.warnings().accept(text);
    }

    /** Says what to do when the write has happened, and what when it has not (refused, dry run, outrun). */
    void settle(Runnable whenStored, Runnable whenNot) {
        kept.add(whenStored);
        undone.add(whenNot);
    }

    /** Tells those who waited for it how the write ended. */
    void settled(boolean stored) {
        (stored ? kept : undone.reversed()).forEach(Runnable::run);
    }
}
