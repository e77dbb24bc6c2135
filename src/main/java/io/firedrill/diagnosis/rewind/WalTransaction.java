package io.firedrill.diagnosis.rewind;

import io.firedrill.tool.Lsn;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * A committed transaction, its savepoints included, as the WAL tells it.
 *
 * @param xid 32 bits, as the WAL has it
 * @param first its first record that was read; of a filtered reading not always its very first
 * @param commit where its commit record begins: recovery that stops just before this has nothing of it
 * @param rows of the relation files that were asked for
 * @param created and {@code removed}: relation files made and unlinked by it
 * @param droppedRelations oids of relations dropped, as PostgreSQL 15 and newer tell; empty from older ones
 * @param droppedDatabases oids
 */
public record WalTransaction(
        long xid,
        Lsn first,
        Lsn commit,
        Instant at,
        Map<RelationFile, Rows> rows,
        Set<RelationFile> created,
        Set<RelationFile> removed,
        Set<Long> droppedRelations,
        Set<Long> droppedDatabases) {

    /** Catalogue rows are deleted when a relation, or the transient one of a rewrite, is dropped; TRUNCATE deletes none. */
    boolean deletesFromCatalogue() {
        return rows.entrySet().stream().anyMatch(e -> e.getKey().ofCatalogue() && e.getValue().deleted() > 0);
    }
}
