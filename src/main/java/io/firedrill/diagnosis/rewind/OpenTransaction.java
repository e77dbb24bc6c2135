package io.firedrill.diagnosis.rewind;

import io.firedrill.tool.Lsn;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a transaction or savepoint did so far. */
final class OpenTransaction {
    private Lsn first;
    private final Map<RelationFile, Rows> rows = new HashMap<>();
    final Set<RelationFile> created = new LinkedHashSet<>();
    final Set<Long> droppedDatabases = new LinkedHashSet<>();

    OpenTransaction(Lsn first) {
        this.first = first;
    }

    void count(RelationFile file, Rows more) {
        rows.merge(file, more, Rows::plus);
    }

    void join(OpenTransaction savepoint) {
        first = first.compareTo(savepoint.first) <= 0 ? first : savepoint.first;
        savepoint.rows.forEach(this::count);
        created.addAll(savepoint.created);
        droppedDatabases.addAll(savepoint.droppedDatabases);
    }

    WalTransaction committed(long xid, Lsn commit, Instant at, Set<RelationFile> removed, Set<Long> droppedRelations) {
        return new WalTransaction(xid, first, commit, at, Map.copyOf(rows), Set.copyOf(created), removed, droppedRelations,
                Set.copyOf(droppedDatabases));
    }
}
