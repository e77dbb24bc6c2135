package io.firedrill.physical;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * WAL that a damaged server wrote and nobody archived yet: in what is left of its {@code pg_wal}, and in the segment that is
 * being received. PostgreSQL looks for a segment in {@code pg_wal} when its restore command has none.
 */
public final class LeftWal {
    private static final String PARTIAL = ".partial";

    private final long segmentBytes;

    public LeftWal(long segmentBytes) {
        this.segmentBytes = segmentBytes;
    }

    /** Of this server's receiver on this host, whether it is there or not. */
    public static Path received(Path spools, WalSource source, String system) {
        return spools.resolve(source.service()).resolve(source.source()).resolve(system);
    }

    /** Whether the folder has the segment that the position lies in, or ends. */
    public boolean covers(Path folder, int timeline, io.firedrill.tool.Lsn position) {
        return segments(folder).stream()
                .flatMap(file -> name(file).stream())
                .anyMatch(name -> name.timeline() == timeline
                        && name.start().compareTo(position) <= 0 && name.end().compareTo(position) >= 0);
    }

    /**
     * Copies every segment from that one on, and every timeline's history, that is not there yet.
     *
     * @param first name of a segment; of whatever timeline
     * @return how many were copied
     */
    public int copy(Path from, WalName first, Path into) {
        int copied = 0;
        try {
            for (Path file : segments(from)) {
                boolean wanted = name(file).map(name -> name.segment() >= first.segment()).orElse(true);
                Path to = into.resolve(plain(file));
                if (wanted && !Files.exists(to)) {
                    Files.copy(file, to);
                    copied++;
                }
            }
            return copied;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whole ones before those half received; none when the folder is gone or cannot be read. */
    private List<Path> segments(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> name(file).isPresent() || file.getFileName().toString().matches("[0-9A-F]{8}\\.history"))
                    .filter(file -> name(file).isEmpty() || file.toFile().length() == segmentBytes)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Optional<WalName> name(Path file) {
        return WalName.parse(plain(file), segmentBytes);
    }

    private static String plain(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(PARTIAL) ? name.substring(0, name.length() - PARTIAL.length()) : name;
    }
}
