package io.jollyboat.node;

import io.jollyboat.api.Streams.Page;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pages below {@code /logs/}: what a node has of logs, as a kubelet shows {@code /var/log}. Here these are the logs of
 * its Pods, under {@code pods/}, and nothing else of the machine: no link is followed.
 */
final class NodeLogs {
    static final String FOLDER = "/logs";

    /** Of a longer file the end is shown. */
    private static final int LONGEST = 16 << 20;

    private static final Pattern NAME = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,255}");
    private static final String PODS = "pods";

    private final Path pods;

    NodeLogs(NodeHost host) {
        this.pods = PodFiles.logs(host);
    }

    /** @return empty where there is no such file or folder */
    Optional<Page> page(String path) {
        List<String> names = Stream.of(path.substring(FOLDER.length()).split("/"))
                .filter(name -> !name.isEmpty())
                .toList();
        boolean open = path.endsWith("/");
        if (path.length() > FOLDER.length() && path.charAt(FOLDER.length()) != '/'
                || !names.stream().allMatch(name -> NAME.matcher(name).matches())) {
            return Optional.empty();
        }
        if (names.isEmpty()) {
            return Optional.of(listing(Stream.of(PODS + "/"), open ? "" : "logs/"));
        }
        if (!names.getFirst().equals(PODS)) {
            return Optional.empty();
        }
        Path at = pods;
        for (String name : names.subList(1, names.size())) {
            at = at.resolve(name);
            if (Files.isSymbolicLink(at)) {
                return Optional.empty();
            }
        }
        try {
            return found(at, open ? "" : names.getLast() + "/");
        } catch (IOException e) {
            return Optional.empty(); // it went away while it was read
        }
    }

    private static Optional<Page> found(Path at, String before) throws IOException {
        if (Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> inside = Files.list(at)) {
                return Optional.of(listing(
                        inside.map(each ->
                                each.getFileName() + (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS) ? "/" : "")),
                        before));
            }
        }
        return Files.isRegularFile(at, LinkOption.NOFOLLOW_LINKS)
                ? Optional.of(new Page("text/plain; charset=utf-8", end(at)))
                : Optional.empty();
    }

    private static byte[] end(Path file) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            long length = open.length();
            byte[] content = new byte[(int) Math.min(LONGEST, length)];
            open.seek(length - content.length);
            open.readFully(content);
            return content;
        }
    }

    /**
     * A list of links.
     *
     * @param before leads from the page's address to the folder
     */
    private static Page listing(Stream<String> names, String before) {
        String links = names.sorted()
                .filter(name -> NAME.matcher(name.replaceFirst("/$", "")).matches())
                .map(name -> "<a href=\"%s%s\">%s</a>\n".formatted(before, name, name))
                .collect(Collectors.joining());
        return Page.text("text/html; charset=utf-8", "<!doctype html>\n<pre>\n" + links + "</pre>\n");
    }
}
