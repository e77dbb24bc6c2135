package io.firedrill.proof;

import io.firedrill.plan.Database;
import io.firedrill.proof.DatabaseContents.SequenceRange;
import io.firedrill.tool.Progress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measures what a database or a folder holds, so that a source and what was restored from it can be compared. Read-only.
 * What exactly is measured is told in {@code docs/proof.md}.
 */
public final class Measure {
    private Measure() {}

    /** What a database holds, and the lines behind the inventory's digests. */
    public record Measured(DatabaseContents contents, Inventory inventory) {}

    /**
     * As {@link #databaseWithInventory} without the lines.
     *
     * @param snapshotId as exported by {@code pg_export_snapshot()} in a session that is still in that transaction; null
     *     for a snapshot of its own
     * @param connections how many sessions share the tables, at least 1
     */
    public static DatabaseContents database(
            Database db, @Nullable String snapshotId, int connections, Progress progress) {
        return databaseWithInventory(db, snapshotId, connections, progress).contents();
    }

    /** All rows are of one snapshot; sequences and definitions are of the moment they are read, as in pg_dump. */
    public static Measured databaseWithInventory(
            Database db, @Nullable String snapshotId, int connections, Progress progress) {
        return new DatabaseMeasurement(db, connections, progress, null).run(snapshotId);
    }

    /**
     * As {@link #databaseWithInventory}, while pg_dump reads the same snapshot: tables whose rows the dump tells for certain
     * are not read again. Waits for the dump's end.
     */
    public static Measured besideDump(
            Database db, String snapshotId, int connections, RowsInDump dump, Progress progress) {
        return new DatabaseMeasurement(db, connections, progress, dump).run(snapshotId);
    }

    /** Where the sequences stand now: read before and after a dump and {@link Sequences#span}, they bound the dump's. */
    public static List<SequenceRange> sequences(Database db) {
        return Sequences.read(db);
    }

    /**
     * @param listingOut receives one line per entry, the text the digest is over; see {@link TreeListing}; null: not kept
     */
    public static FileTreeContents files(Path root, @Nullable Path listingOut, Progress progress) {
        return new TreeMeasurement(root, progress).run(listingOut);
    }

    /** Every entry of a folder, sorted by path. */
    public static List<TreeListing.Entry> entries(Path root, Progress progress) {
        return new TreeMeasurement(root, progress).entries();
    }
}
