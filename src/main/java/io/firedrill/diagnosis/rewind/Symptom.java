package io.firedrill.diagnosis.rewind;

import java.util.Optional;

/** What a person, or the evidence, says is wrong; the database by its oid. */
public sealed interface Symptom {
    long database();

    /**
     * Rows are missing from a table that is still there.
     *
     * @param file of the table now or at any time in the range
     * @param missing how many, about; 0 when not known: then the transaction that deleted most is meant
     */
    record RowsGone(long database, RelationFile file, long missing) implements Symptom {}

    /** Rows have other values than they should; {@code changed} as {@code missing} above. */
    record RowsChanged(long database, RelationFile file, long changed) implements Symptom {}

    /**
     * A table is missing.
     *
     * @param file of the table at any time in the range; absent when not known: then every dropping in the database counts
     */
    record TableGone(long database, Optional<RelationFile> file) implements Symptom {}

    /** The whole database is missing. */
    record DatabaseGone(long database) implements Symptom {}
}
