package io.jollyboat.api.schema;

import io.jollyboat.api.Resource;
import java.util.Optional;

/** Says what may stand in an object of a kind. */
public interface Schema {
    /** The type of a kind's objects; empty where nothing is known of it. */
    Optional<Type.Struct> type(Resource resource);

    /** The type of a kind by group, version and kind: also of kinds that are no resource, such as DeleteOptions. */
    Optional<Type.Struct> type(String group, String version, String kind);
}
