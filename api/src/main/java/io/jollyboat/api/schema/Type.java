package io.jollyboat.api.schema;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The type of a value in an object: what the schema says may stand in a place. */
public sealed interface Type {
    /** A single value. */
    enum Scalar implements Type {
        STRING,
        INT32,
        INT64,
        DOUBLE,
        BOOLEAN,
        /** Base64 text in JSON. */
        BYTES,
        /** RFC 3339 with seconds. */
        TIME,
        /** RFC 3339 with microseconds. */
        MICRO_TIME,
        QUANTITY,
        DURATION,
        INT_OR_STRING,
        /** Any JSON at all: nothing below it is known. */
        ANY
    }

    record ListOf(Type element) implements Type {}

    record MapOf(Type value) implements Type {}

    /** An object with named fields, which are found when first asked for, because types may hold themselves. */
    final class Struct implements Type {
        private final String name;
        private final boolean atomic;
        private final Supplier<Map<String, Field>> source;
        private volatile @Nullable Map<String, Field> fields;
        private volatile @Nullable List<String> alwaysWritten;

        /**
         * A type whose values server-side apply replaces whole, or not.
         *
         * @param atomic {@code x-kubernetes-map-type: atomic} on the type itself, such as LabelSelector: it holds
         *     also for the elements of lists, which no {@link Field} describes
         */
        public Struct(String name, boolean atomic, Supplier<Map<String, Field>> source) {
            this.name = name;
            this.atomic = atomic;
            this.source = source;
        }

        /** A type whose values merge field by field. */
        public Struct(String name, Supplier<Map<String, Field>> source) {
            this(name, false, source);
        }

        public boolean atomic() {
            return atomic;
        }

        /** The names of what Go writes even when it is empty: {@code spec: {}}, {@code containers: null}. */
        public List<String> alwaysWritten() {
            List<String> found = alwaysWritten;
            if (found == null) {
                found = fields().values().stream()
                        .filter(field -> field.type() instanceof Struct ? !field.pointer() : field.always())
                        .map(Field::name)
                        .toList();
                alwaysWritten = found;
            }
            return found;
        }

        /** Kubernetes' definition name, such as {@code io.k8s.api.core.v1.PodSpec}. */
        public String name() {
            return name;
        }

        /** The fields by their JSON names, in the order of the source. */
        public Map<String, Field> fields() {
            Map<String, Field> found = fields;
            if (found == null) {
                found = source.get();
                fields = found;
            }
            return found;
        }
    }
}
