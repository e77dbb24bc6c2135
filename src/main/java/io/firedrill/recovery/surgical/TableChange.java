package io.firedrill.recovery.surgical;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What putting one table back would do. Counts are null until the table was compared with its scratch copy.
 *
 * @param mode {@code lost-rows}: rows that the live table lacks are inserted; {@code whole-table}: it is gone and comes back
 * @param key columns that tell a row from another: the primary key, else a unique one; empty: rows are compared whole
 * @param backupRows in the copy; {@code liveRows}: 0 when the table is gone
 * @param missing rows that would be inserted
 * @param conflicts rows in both that differ
 * @param blocked missing rows whose unique value a newer live row has: they stay out
 * @param newer live rows that the copy has not
 * @param examples of conflicts and of blocked rows
 * @param notes what a person should know of it
 */
public record TableChange(
        String schema,
        String table,
        String mode,
        List<String> key,
        @Nullable Long backupRows,
        @Nullable Long liveRows,
        @Nullable Long missing,
        @Nullable Long conflicts,
        @Nullable Long blocked,
        @Nullable Long newer,
        List<Conflict> examples,
        List<String> notes) {
    public static final String LOST_ROWS = "lost-rows";
    public static final String WHOLE_TABLE = "whole-table";

    /** A row by its key, e.g. {@code id=17}, and the names of what differs; never what it holds besides. */
    public record Conflict(String key, String what) {}

    public TableChange {
        key = Objects.requireNonNullElse(key, List.of());
        examples = Objects.requireNonNullElse(examples, List.of());
        notes = Objects.requireNonNullElse(notes, List.of());
    }

    /** Before it was compared. */
    public static TableChange wanted(TableName name, boolean there, @Nullable Long backupRows, long liveRows) {
        return new TableChange(name.schema(), name.table(), there ? LOST_ROWS : WHOLE_TABLE, List.of(), backupRows, liveRows,
                null, null, null, null, List.of(), List.of());
    }

    public TableName name() {
        return new TableName(schema, table);
    }

    boolean whole() {
        return mode.equals(WHOLE_TABLE);
    }
}
