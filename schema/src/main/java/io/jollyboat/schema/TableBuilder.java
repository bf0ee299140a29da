package io.jollyboat.schema;

import io.jollyboat.schema.Definition.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Joins messages, models and corrections into definitions. */
final class TableBuilder {
    private static final List<String> NUMBERS = List.of("int32", "int64", "bool", "string", "bytes", "double");
    private static final List<String> TYPE_META = List.of("apiVersion", "kind");

    private final Corrections corrections;
    private final Map<String, Definition> definitions = new LinkedHashMap<>();
    private final Map<String, Optional<Model>> models = new LinkedHashMap<>();

    TableBuilder(Corrections corrections) {
        this.corrections = corrections;
    }

    void add(Source source, List<Message> messages) {
        for (Message message : messages) {
            String kind = message.name().substring(message.name().lastIndexOf('.') + 1);
            Optional<Model> model = Published.model(source.prefixes(), kind).filter(m -> fits(message, m));
            models.put(message.definition(), model);
            definitions.put(message.definition(), definition(message, model));
        }
    }

    /** Adds definitions that are written out in the table's form. */
    void add(Definition written, Source source) {
        Optional<Model> model = Published.model(source.prefixes(), written.simpleName());
        models.put(written.name(), model);
        List<Row> rows = new ArrayList<>();
        for (Row row : written.rows()) {
            Optional<Model.Property> property = model.flatMap(m -> m.like(row.name()));
            rows.add(property.map(Model.Property::description)
                    .filter(words -> !words.isEmpty())
                    .map(row::described)
                    .orElse(row));
        }
        rows.addAll(0, typeMeta(written.name(), written.rows(), model));
        String description = model.map(Model::description).orElse("");
        definitions.put(written.name(), new Definition(written.name(), written.marks(), description, rows));
    }

    List<Definition> build() {
        List<Definition> built = new ArrayList<>();
        for (Definition definition : definitions.values()) {
            built.add(withOuterFacts(definition));
        }
        return built;
    }

    /** A model of the same name in another group does not count. */
    private static boolean fits(Message message, Model model) {
        long same = message.entries().stream()
                .filter(e -> model.like(e.name()).isPresent())
                .count();
        return message.entries().isEmpty() || same * 2 >= message.entries().size();
    }

    private Definition definition(Message message, Optional<Model> model) {
        List<Row> rows = new ArrayList<>();
        for (Message.Entry entry : message.entries()) {
            rows.add(row(message.definition(), entry, model));
        }
        rows.addAll(0, typeMeta(message.definition(), rows, model));
        List<String> marks = new ArrayList<>();
        corrections.scalar(message.definition()).ifPresent(s -> marks.add("scalar=" + s));
        if (corrections.isList(message.definition())) {
            marks.add("list");
        }
        Comment comment = new Comment(message.comment());
        if (isAtomic(comment)) {
            marks.add("atomic");
        }
        String description = Paragraphs.restored(
                comment.description(), model.map(Model::description).orElse(""));
        return new Definition(message.definition(), marks, description, rows);
    }

    /** kind and apiVersion, which protobuf carries outside the message. */
    private List<Row> typeMeta(String definition, List<Row> rows, Optional<Model> model) {
        List<Row> added = new ArrayList<>();
        boolean modelled = model.filter(m -> TYPE_META.stream().allMatch(m.properties()::containsKey))
                .isPresent();
        boolean own = rows.stream().anyMatch(r -> TYPE_META.contains(r.name()));
        if (!own && (modelled || corrections.isKind(definition))) {
            for (String name : TYPE_META) {
                String description = model.flatMap(m -> m.like(name))
                        .map(Model.Property::description)
                        .orElse("");
                added.add(new Row(name, "string", 0, List.of(), description));
            }
        }
        return added;
    }

    private Row row(String definition, Message.Entry entry, Optional<Model> model) {
        Optional<Model.Property> property = model.flatMap(m -> m.like(entry.name()));
        Comment comment = new Comment(entry.comment());
        String name = property.map(Model.Property::name).orElse(entry.name());
        boolean required = property.map(Model.Property::required).orElse(false);
        boolean inline = corrections.isInline(definition, entry.name());
        List<String> marks = new ArrayList<>();
        if (inline) {
            marks.add("inline");
        }
        if (required) {
            marks.add("!");
        }
        Row bare = new Row(name, type(entry), entry.number(), marks, comment.description());
        List<String> said = corrections.marks(definition, name);
        if (!inline && isPointer(bare, required, said)) {
            marks.add("*");
        }
        Stream.of("always", "omitted").filter(said::contains).forEach(marks::add);
        marks.addAll(merging(comment));
        comment.marker("default").filter(d -> !d.startsWith("ref(")).ifPresent(d -> marks.add("default=" + d));
        said.stream().filter(s -> s.contains("=")).forEach(marks::add);
        String description = Paragraphs.restored(
                bare.description(), property.map(Model.Property::description).orElse(""));
        return new Row(name, bare.type(), entry.number(), marks, description);
    }

    private static boolean isPointer(Row row, boolean required, List<String> said) {
        if (row.type().startsWith("[") || row.type().startsWith("{")) {
            return false;
        }
        boolean plain = NUMBERS.contains(row.type()) || row.type().endsWith("Time");
        boolean metadata = List.of("metadata", "spec", "status").contains(row.name());
        boolean usual = !plain && !required && !metadata;
        return said.contains("pointer") || usual && !said.contains("value");
    }

    private static List<String> merging(Comment comment) {
        List<String> marks = new ArrayList<>();
        String strategy = comment.marker("patchStrategy").orElse("");
        if (strategy.contains("retainKeys")) {
            marks.add("retain");
        }
        if (strategy.contains("merge")) {
            marks.add(comment.marker("patchMergeKey").map(k -> "merge=" + k).orElse("merge"));
        }
        if (strategy.equals("replace")) {
            marks.add("replace");
        }
        List<String> keys = comment.markers("listMapKey");
        comment.marker("listType").ifPresent(type -> {
            switch (type) {
                case "map" -> marks.add("keys=" + String.join(",", keys));
                case "set" -> marks.add("set");
                default -> marks.add("atomic");
            }
        });
        if (isAtomic(comment)) {
            marks.add("atomic");
        } else if (comment.marker("structType")
                .or(() -> comment.marker("mapType"))
                .isPresent()) {
            marks.add("granular");
        }
        return marks;
    }

    private static boolean isAtomic(Comment comment) {
        return comment.marker("mapType").orElse("").equals("atomic")
                || comment.marker("structType").orElse("").equals("atomic");
    }

    private static String type(Message.Entry entry) {
        String type = entry.type();
        if (type.startsWith("map<")) {
            String value =
                    type.substring(type.indexOf(',') + 1, type.length() - 1).strip();
            return "{" + named(value);
        }
        return (entry.repeated() ? "[" : "") + named(type);
    }

    private static String named(String type) {
        return type.startsWith(".") ? Message.definition(type) : type;
    }

    /** Embedded structs have no model: what is required in them stands in the models that embed them. */
    private Definition withOuterFacts(Definition inner) {
        List<Row> rows = new ArrayList<>(inner.rows());
        for (Definition outer : definitions.values()) {
            boolean embeds = outer.rows().stream()
                    .anyMatch(r -> r.marks().contains("inline") && r.type().equals(inner.name()));
            Optional<Model> model = models.getOrDefault(outer.name(), Optional.empty());
            if (!embeds || models.getOrDefault(inner.name(), Optional.empty()).isPresent()) {
                continue;
            }
            for (int i = 0; i < rows.size(); i++) {
                Row row = rows.get(i);
                List<String> more = new ArrayList<>();
                model.flatMap(m -> m.like(row.name()))
                        .filter(Model.Property::required)
                        .ifPresent(p -> more.add("!"));
                corrections.marks(outer.name(), row.name()).stream()
                        .filter(m -> m.contains("="))
                        .forEach(more::add);
                rows.set(i, row.with(more));
            }
        }
        return new Definition(inner.name(), inner.marks(), inner.description(), rows);
    }
}
