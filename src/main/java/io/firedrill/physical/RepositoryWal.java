package io.firedrill.physical;

import io.firedrill.plan.Database;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.PhysicalTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * WAL that another tool archives, asked for segment by segment: neither pgBackRest nor Barman tells in a stable way what it has.
 *
 * @param timeline of the segments
 * @param segmentBytes of the server
 */
public record RepositoryWal(PhysicalTool tool, int timeline, long segmentBytes) {
    /** A segment without a commit in it is rare; that many in a row are a server that does nothing. */
    private static final int LOOKED_BACK = 8;

    /** Lasting {@code NoSuchElementException} for a database that no tool keeps. */
    public static RepositoryWal of(Database db, int timeline, long segmentBytes) {
        return new RepositoryWal(PhysicalTool.of(db.repository().orElseThrow()), timeline, segmentBytes);
    }

    /** From the beginning of one segment to the end of another. */
    public record Stretch(Lsn from, Lsn to) {}

    /**
     * Lays segments into the folder, one after the other until one is not archived.
     *
     * @param from where to begin, or where the timeline began when that is later
     * @param to where to stop
     * @return what is there; empty: nothing
     */
    public Optional<Stretch> fetch(Lsn from, Lsn to, Path folder) throws IOException {
        LaidFolders.own(List.of(folder), tool.user());
        long first = later(from, began(folder)).segment(segmentBytes);
        long next = first;
        while (next <= to.lastSegment(segmentBytes) && tool.fetchWal(name(next).toString(), folder)) {
            next++;
        }
        return next == first ? Optional.empty() : Optional.of(new Stretch(name(first).start(), name(next).start()));
    }

    /** Of the segments before the one that the position lies in; empty when none is found soon. */
    public Optional<Instant> newestCommitBefore(Lsn position, Path folder) throws IOException {
        LaidFolders.own(List.of(folder), tool.user());
        long segment = position.segment(segmentBytes);
        for (long number = segment - 1; number >= Math.max(0, segment - LOOKED_BACK); number--) {
            String name = name(number).toString();
            if (!tool.fetchWal(name, folder)) {
                return Optional.empty();
            }
            Path file = folder.resolve(name);
            Optional<Instant> newest = WalArchive.read(file, segmentBytes).newest();
            Files.delete(file);
            if (newest.isPresent()) {
                return newest;
            }
        }
        return Optional.empty();
    }

    private WalName name(long segment) {
        return new WalName(timeline, segment, segmentBytes);
    }

    /** Where the timeline left the one before it: the last line of its history. */
    private Lsn began(Path folder) throws IOException {
        String name = "%08X.history".formatted(timeline);
        if (timeline == 1 || !tool.fetchWal(name, folder)) {
            return new Lsn(0);
        }
        Path file = folder.resolve(name);
        String history = Files.readString(file, StandardCharsets.UTF_8);
        Files.delete(file);
        return history.lines()
                .filter(line -> line.matches("\\d+\\t[0-9A-F]+/[0-9A-F]+(\\t.*)?"))
                .reduce((one, next) -> next)
                .map(line -> Lsn.parse(line.split("\t")[1]))
                .orElse(new Lsn(0));
    }

    private static Lsn later(Lsn one, Lsn other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
