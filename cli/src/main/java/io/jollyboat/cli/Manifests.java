package io.jollyboat.cli;

import io.jollyboat.api.Api;
import io.jollyboat.api.Patch;
import io.jollyboat.api.Resource;
import io.jollyboat.api.Resources;
import io.jollyboat.api.StatusException;
import io.jollyboat.api.StatusException.Reason;
import io.jollyboat.api.Target;
import io.jollyboat.api.WriteOptions;
import io.jollyboat.api.codec.Manifest;
import io.jollyboat.cluster.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The objects that the user's files describe; applied as kubectl would, so that kubectl finds them unchanged later. */
final class Manifests {
    private static final Set<String> ENDINGS = Set.of("yaml", "yml", "json");
    private static final String MANAGER = "jolly";

    /** One object, with the place that it stands in for messages: {@code FILE:LINE}. */
    private record Item(String place, Target target, ObjectNode object) {}

    private final List<Item> items;

    private Manifests(List<Item> items) {
        this.items = items;
    }

    /**
     * Reads files and folders; folders in the order of their files' names.
     *
     * @throws ClusterException naming the file that is missing or cannot be understood
     */
    static Manifests read(List<Path> places) {
        List<Item> items = new ArrayList<>();
        for (Path place : places) {
            for (Path file : files(place)) {
                items.addAll(items(file));
            }
        }
        return new Manifests(items);
    }

    private static List<Path> files(Path place) {
        if (!Files.exists(place)) {
            throw new ClusterException("there is no file or folder " + place);
        }
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        try (Stream<Path> inside = Files.list(place)) {
            List<Path> files =
                    inside.filter(f -> ENDINGS.contains(ending(f))).sorted().toList();
            if (files.isEmpty()) {
                throw new ClusterException("the folder " + place + " holds no manifest (*.yaml, *.yml, *.json)");
            }
            return files;
        } catch (IOException e) {
            throw new ClusterException(place + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<Item> items(Path file) {
        try {
            List<Item> items = new ArrayList<>();
            for (Manifest.Part part : Manifest.parts(Files.readString(file))) {
                ObjectNode object = part.object();
                String place = file + ":" + part.line();
                if (object.path("kind").asString("").equals("List")) {
                    object.path("items").forEach(one -> items.add(item(place, one)));
                } else {
                    items.add(item(place, object));
                }
            }
            return items;
        } catch (StatusException e) {
            throw new ClusterException(file + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ClusterException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Item item(String place, JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            throw new ClusterException(place + ": the items of a List must be objects");
        }
        String apiVersion = object.path("apiVersion").asString("");
        String kind = object.path("kind").asString("");
        Resource resource = Resources.builtIn()
                .byKind(apiVersion, kind)
                .orElseThrow(() -> new ClusterException(
                        place + ": no kind \"" + kind + "\" is known in version \"" + apiVersion + "\""));
        String name = object.path("metadata").path("name").asString("");
        if (name.isEmpty()) {
            throw new ClusterException(place + ": this " + kind + " has no metadata.name");
        }
        String namespace = object.path("metadata").path("namespace").asString("");
        if (resource.namespaced() && namespace.isEmpty()) {
            namespace = "default";
            ((ObjectNode) object.get("metadata")).put("namespace", namespace);
        }
        return new Item(place, Target.of(resource, resource.namespaced() ? namespace : "", name), object);
    }

    /** The images that the objects' containers name. */
    Set<String> images() {
        Set<String> images = new TreeSet<>();
        for (Item item : items) {
            for (String list : List.of("containers", "initContainers")) {
                item.object()
                        .findValues(list)
                        .forEach(containers -> containers.forEach(container -> {
                            String image = container.path("image").asString("");
                            if (!image.isEmpty()) {
                                images.add(image);
                            }
                        }));
            }
        }
        return images;
    }

    List<Target> applied() {
        return items.stream().map(Item::target).toList();
    }

    /**
     * Applies all in their order.
     *
     * @throws ClusterException naming the file of the object that was refused
     */
    void apply(Api api, Progress progress) {
        for (Item item : items) {
            ObjectNode intent = LastApplied.into(item.object());
            WriteOptions options = new WriteOptions(
                    MANAGER,
                    WriteOptions.FieldValidation.STRICT,
                    false,
                    true,
                    warning -> progress.say("Warning: " + warning));
            try {
                boolean there = present(api, item.target());
                if (there) {
                    api.patch(item.target(), new Patch.Apply(intent), options);
                } else {
                    api.create(item.target().resource(), item.target().namespace(), intent, options);
                }
                progress.say(item.target().resource().singular() + "/"
                        + item.target().name() + (there ? " applied" : " created"));
            } catch (StatusException e) {
                throw new ClusterException(item.place() + ": " + e.getMessage(), e);
            }
        }
    }

    private static boolean present(Api api, Target target) {
        try {
            api.get(target);
            return true;
        } catch (StatusException e) {
            if (e.is(Reason.NOT_FOUND)) {
                return false;
            }
            throw e;
        }
    }

    /** Where the applied load balancers answer, one line each. */
    List<String> addresses(Api api) {
        List<String> lines = new ArrayList<>();
        for (Item item : items) {
            if (item.target().resource().kind().equals("Service")) {
                lines.addAll(addresses(item.target().name(), api.get(item.target())));
            }
        }
        return lines;
    }

    private static List<String> addresses(String name, ObjectNode service) {
        List<String> lines = new ArrayList<>();
        for (JsonNode ingress : service.path("status").path("loadBalancer").path("ingress")) {
            String host = ingress.path("ip").asString(ingress.path("hostname").asString(""));
            for (JsonNode port : service.path("spec").path("ports")) {
                lines.add(name + " answers at http://" + host + ":"
                        + port.path("port").asInt());
            }
        }
        return lines;
    }
}
