package io.firedrill.physical;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where WAL of one cluster lies until every store has it: a folder of its own for each system identifier, so that a server
 * made anew never meets its predecessor's files. The newest whole segment always stays: it tells pg_receivewal where to go on.
 */
record WalSpool(Path folder) {
    private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");
    private static final Pattern HISTORY = Pattern.compile("[0-9A-F]{8}\\.history");

    static WalSpool of(Path root, String system) {
        Path folder = root.resolve(system);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new WalSpool(folder);
    }

    /** Of every cluster that was ever received here. */
    static List<WalSpool> all(Path root) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(Files::isDirectory).sorted().map(WalSpool::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String system() {
        return folder.getFileName().toString();
    }

    /** What is whole, in the order of the WAL, each timeline's history before its segments. */
    List<Path> whole() {
        return files().stream()
                .filter(file -> SEGMENT.matcher(name(file)).matches() || HISTORY.matcher(name(file)).matches())
                .toList();
    }

    long bytes() {
        return files().stream().mapToLong(file -> file.toFile().length()).sum();
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes what every store has, but the newest segment. */
    void remove(List<Path> archived) {
        String newest = whole().stream().map(WalSpool::name).filter(SEGMENT.asMatchPredicate()).reduce("", (a, b) -> b);
        archived.stream().filter(file -> !name(file).equals(newest)).forEach(WalSpool::delete);
    }

    /**
     * pg_receivewal makes a segment as large as it will be before it writes to it, and refuses for good to go on with one that
     * has another size: a kill while it was made leaves that. Nothing of such a segment was received, it is asked for again.
     */
    void removeHalfMade(long segmentBytes) {
        files().stream()
                .filter(file -> name(file).endsWith(".partial"))
                .filter(file -> file.toFile().length() != 0 && file.toFile().length() != segmentBytes)
                .forEach(WalSpool::delete);
    }

    /** So that receiving begins where the slot stands. */
    void clear() {
        files().forEach(WalSpool::delete);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
