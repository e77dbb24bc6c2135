package io.firedrill.backup;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.DatabaseContents.SequenceRange;
import io.firedrill.proof.Measure;
import io.firedrill.proof.RowsInDump;
import io.firedrill.proof.Sequences;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Store;
import io.firedrill.tool.PgDump;
import io.firedrill.tool.PgDumpAll;
import io.firedrill.tool.Progress;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Dumps one database and measures it, both at the same moment. */
final class DatabaseBackup {
    private static final int MEASURING_CONNECTIONS = 1;

    private final Store store;
    private final Keys keys;
    private final Clock clock;

    DatabaseBackup(Store store, Keys keys, Clock clock) {
        this.store = store;
        this.keys = keys;
        this.clock = clock;
    }

    Manifest take(String service, Database db, BackupId id, Progress progress) {
        Instant began = clock.instant();
        try (Attempt attempt = new Attempt(store, keys, service, id, began);
                SnapshotSession session = SnapshotSession.open(db)) {
            Manifest.DatabaseFacts facts = session.facts();
            PgDump.requireFor(db, facts.serverVersion(), facts.serverVersionNum());
            DatabaseContents contents = dumpAndMeasure(attempt, db, session, progress);
            attempt.write("globals", ".sql", out -> PgDumpAll.globals(db, session.superuser(), out));
            return attempt.finish(new Manifest(
                    1, id, service, BackupKind.LOGICAL, db.name(), began, session.at(), clock.instant(), facts, contents,
                    null, attempt.parts(), attempt.recipients(), tools(facts), Recipes.logical(attempt.parts())));
        }
    }

    private static DatabaseContents dumpAndMeasure(
            Attempt attempt, Database db, SnapshotSession session, Progress progress) {
        List<SequenceRange> before = Measure.sequences(db);
        Measure.Measured measured;
        try (RowsInDump rows = RowsInDump.listening()) {
            measured = Together.run(
                    () -> dump(attempt, db, session, rows, progress), () -> measure(db, session.snapshot(), rows));
        }
        List<SequenceRange> after = Measure.sequences(db);
        attempt.write("inventory", ".txt", out -> measured.inventory().writeTo(out));
        DatabaseContents contents = measured.contents();
        return new DatabaseContents(
                contents.tables(),
                Sequences.span(contents.sequences(), before, after),
                contents.largeObjects(),
                contents.inventory(),
                contents.notProven());
    }

    private static void dump(Attempt attempt, Database db, SnapshotSession session, RowsInDump rows, Progress progress) {
        attempt.write("dump", ".pgc", out -> {
            PgDump.Wanted wanted =
                    new PgDump.Wanted(session.snapshot(), session.encoding(), session.facts().databaseBytes());
            PgDump.dump(db, wanted, rows.before(out), progress);
            rows.end();
            SchemaChanges.refuse(db, session.rewritten());
        });
    }

    private static Measure.Measured measure(Database db, String snapshot, RowsInDump rows) {
        try {
            return Measure.besideDump(db, snapshot, MEASURING_CONNECTIONS, rows, Progress.NONE);
        } catch (FailureException e) {
            throw SchemaChanges.told(db, e);
        }
    }

    private static Map<String, String> tools(Manifest.DatabaseFacts facts) {
        return Map.of("pg_dump", PgDump.version(), "postgresql", facts.serverVersion());
    }
}
