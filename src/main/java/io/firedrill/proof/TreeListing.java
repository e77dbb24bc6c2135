package io.firedrill.proof;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The entries of a folder as text, one line each, sorted by path: type, mode, uid, gid, size, modification time, content
 * and path, separated by single blanks.
 */
public final class TreeListing {
    private TreeListing() {}

    /**
     * @param type {@code f} regular file, {@code d} directory, {@code l} symbolic link, {@code o} anything else
     * @param mode the twelve permission bits, octal, four digits
     * @param size in bytes; 0 unless a regular file
     * @param modified nanoseconds since 1970
     * @param content SHA-256 in hex of a regular file; a link's target, percent-encoded; otherwise {@code -}
     * @param path below the root, its bytes percent-encoded as in a URI; {@code .} is the root itself
     */
    public record Entry(
            char type, String mode, long uid, long gid, long size, long modified, String content, String path) {

        /** For people; what is no UTF-8 shows as replacement characters. */
        public String readablePath() {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        }

        /** Below this folder, from the same bytes. */
        public Path in(Path root) {
            return path.equals(".") ? root : Path.of(java.net.URI.create(root.toAbsolutePath().toUri().getRawPath()
                    .replaceFirst("/*$", "/").replaceFirst("^", "file://") + path));
        }

        /** What the tree's digest is over: neither owner, which only root can give back, nor time. */
        String proven() {
            return "%c %s %d %s %s".formatted(type, mode, size, content, path);
        }

        /** The whole line, without newline. */
        String line() {
            return "%c %s %d %d %d %d %s %s".formatted(type, mode, uid, gid, size, modified, content, path);
        }
    }

    /** The path of something below a folder, as an entry has it. */
    public static String path(Path root, Path below) {
        return below.equals(root) ? "." : encoded(below).substring(encoded(root).length() + 1);
    }

    /** The path's very bytes, percent-encoded; without the slash that a directory gets. */
    static String encoded(Path path) {
        String raw = path.toUri().getRawPath();
        return raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
    }

    public static Entry parse(String line) {
        String[] field = line.split(" ", 8);
        if (field.length != 8 || field[0].length() != 1) {
            throw new IllegalArgumentException("Not a line of a listing: " + line);
        }
        return new Entry(field[0].charAt(0), field[1], Long.parseLong(field[2]), Long.parseLong(field[3]),
                Long.parseLong(field[4]), Long.parseLong(field[5]), field[6], field[7]);
    }

    public static List<Entry> read(InputStream in) throws IOException {
        List<Entry> entries = new ArrayList<>();
        forEach(in, entries::add);
        return entries;
    }

    static void forEach(InputStream in, Consumer<Entry> use) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            use.accept(parse(line));
        }
    }
}
