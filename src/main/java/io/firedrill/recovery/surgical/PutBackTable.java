package io.firedrill.recovery.surgical;

import java.util.List;

/**
 * What was put back of one table, proven equal to the scratch copy.
 *
 * @param mode as {@link TableChange}
 * @param inserted rows; of a whole table, all it has
 * @param overwritten rows that differed and got the backup's version
 * @param keptLive rows that differed and were left as they are
 * @param leftOut rows of the backup that a newer one stands in the way of; they are kept beside
 * @param removed newer rows that were taken away because a person wanted the whole table as it was; they are kept beside
 * @param notes for a person
 */
public record PutBackTable(
        String schema, String table, String mode, List<String> key, long inserted, long overwritten, long keptLive, long leftOut,
        long removed, List<String> notes) {

    public TableName name() {
        return new TableName(schema, table);
    }
}
