import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Makes one jar of many: {@code java OneJar.java TO FROM...}. With one jar the JVM asks for one manifest and one
 * protection domain at its start instead of one per library, and its start-up cache takes the classes of signed jars
 * too, for the signature goes. The first jar that has a file gives it; lists of services are joined; of versioned classes the newest is taken.
 */
final class OneJar {
    private static final String VERSIONS = "META-INF/versions/";
    private static final String SERVICES = "META-INF/services/";

    private final Map<String, byte[]> files = new TreeMap<>();

    public static void main(String[] arguments) throws IOException {
        OneJar jar = new OneJar();
        for (String from : List.of(arguments).subList(1, arguments.length)) {
            jar.add(Path.of(from));
        }
        jar.write(Path.of(arguments[0]));
    }

    private void add(Path file) throws IOException {
        Map<String, byte[]> own = new HashMap<>();
        try (JarFile jar = new JarFile(file.toFile(), false, JarFile.OPEN_READ, Runtime.version())) {
            for (Enumeration<JarEntry> each = jar.entries(); each.hasMoreElements(); ) {
                JarEntry entry = each.nextElement();
                if (!entry.isDirectory() && isWanted(entry.getName())) {
                    // Asked for by its plain name, a versioned class comes as the newest that this Java can run.
                    try (InputStream in = jar.getInputStream(jar.getJarEntry(entry.getName()))) {
                        own.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        own.forEach((name, content) -> files.merge(name, content, (a, b) -> joined(name, a, b)));
    }

    private static boolean isWanted(String name) {
        return !name.startsWith(VERSIONS)
                && !name.equals("module-info.class")
                && (!name.startsWith("META-INF/") || name.startsWith(SERVICES) || name.indexOf('/', 9) > 0);
    }

    private static byte[] joined(String name, byte[] first, byte[] second) {
        if (!name.startsWith(SERVICES)) {
            return first;
        }
        byte[] both = new byte[first.length + 1 + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        both[first.length] = '\n';
        System.arraycopy(second, 0, both, first.length + 1, second.length);
        return both;
    }

    /** Not compressed: what is read at a start is read at once. */
    private void write(Path to) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
            out.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                ZipEntry entry = new ZipEntry(file.getKey());
                CRC32 sum = new CRC32();
                sum.update(file.getValue());
                entry.setCrc(sum.getValue());
                entry.setSize(file.getValue().length);
                entry.setTime(0);
                out.putNextEntry(entry);
                out.write(file.getValue());
                out.closeEntry();
            }
        }
    }
}
