package io.jollyboat.images;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * How an image is made from files of this machine and of a folder: what {@code image.yaml} says.
 *
 * <pre>
 * name: kiamol/ch03-sleep              # and a tag, if not latest
 * files:                               # a path of the machine, or one inside the recipe's folder
 *   /bin/busybox: /bin/busybox         # where it goes in the image: where it comes from
 *   /app/serve: serve
 * links:
 *   /bin/python: ../opt/python         # a symbolic link: its target
 * names:
 *   /bin/busybox: [sh, cat, ls]        # links beside a file, to it: /bin/sh, /bin/cat, /bin/ls
 * folders: [/tmp, /etc]
 * entrypoint: [/app/serve]            # what always runs
 * command: [--port, 80]               # its arguments, which a Pod may replace
 * user: nobody                        # a name of the image's /etc/passwd, or a number; root if not said
 * environment: {KEY: value}
 * ports: [80]
 * </pre>
 *
 * @param folder where relative sources are looked for
 * @param files destination to source
 */
public record Recipe(
        ImageName name,
        Path folder,
        Map<String, Path> files,
        Map<String, String> links,
        List<String> folders,
        List<String> entrypoint,
        List<String> command,
        String user,
        Map<String, String> environment,
        List<Integer> ports) {
    public static final String FILE = "image.yaml";

    /**
     * Reads {@code image.yaml} in a folder.
     *
     * @throws ImageException when it is missing or says something else than the above
     */
    public static Recipe read(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            Object yaml = new Load(
                            LoadSettings.builder().setLabel(file.toString()).build())
                    .loadFromString(Files.readString(file));
            if (!(yaml instanceof Map<?, ?> map) || !map.containsKey("name")) {
                throw new ImageException(file + " has no name: it begins like `name: team/app`");
            }
            Map<String, Path> files = new LinkedHashMap<>();
            texts(map.get("files")).forEach((to, from) -> files.put(to, folder.resolve(from)));
            return new Recipe(
                    ImageName.parse(String.valueOf(map.get("name"))),
                    folder,
                    files,
                    links(map),
                    list(map.get("folders")),
                    list(map.get("entrypoint")),
                    list(map.get("command")),
                    map.get("user") instanceof Object user ? String.valueOf(user) : "",
                    texts(map.get("environment")),
                    list(map.get("ports")).stream().map(Integer::valueOf).toList());
        } catch (NoSuchFileException e) {
            throw new ImageException("there is no recipe " + file, e);
        } catch (IOException e) {
            throw new ImageException(file + " cannot be read: " + e.getMessage(), e);
        } catch (YamlEngineException | NumberFormatException e) {
            throw new ImageException(file + " is not as an image's recipe should be: " + e.getMessage(), e);
        }
    }

    /**
     * Another one whenever the image might come out different: it is made from all that the recipe says, and from the
     * sizes and times of the files that it names, without reading them.
     */
    public String fingerprint() {
        StringBuilder all = new StringBuilder(toString());
        for (Path file : files.values()) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                all.append('\n').append(found.size()).append(' ').append(found.lastModifiedTime());
                all.append(Files.isExecutable(file));
            } catch (IOException e) {
                all.append("\nmissing");
            }
        }
        return Digest.of(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What {@code links} says, and {@code names} as links. */
    private static Map<String, String> links(Map<?, ?> yaml) {
        Map<String, String> links = texts(yaml.get("links"));
        if (yaml.get("names") instanceof Map<?, ?> names) {
            names.forEach((path, all) -> {
                Path file = Path.of(String.valueOf(path));
                list(all)
                        .forEach(name ->
                                links.put(file.resolveSibling(name).toString(), String.valueOf(file.getFileName())));
            });
        }
        return links;
    }

    private static Map<String, String> texts(@Nullable Object yaml) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (yaml instanceof Map<?, ?> map) {
            map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        }
        return texts;
    }

    private static List<String> list(@Nullable Object yaml) {
        List<String> texts = new ArrayList<>();
        if (yaml instanceof List<?> all) {
            all.forEach(one -> texts.add(String.valueOf(one)));
        }
        return texts;
    }
}
