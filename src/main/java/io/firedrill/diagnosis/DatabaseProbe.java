package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Baseline.Table;
import io.firedrill.diagnosis.Evidence.Finding;
import io.firedrill.diagnosis.server.Reach;
import io.firedrill.diagnosis.server.Sign;
import io.firedrill.diagnosis.server.Signal;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Looks at one database, read-only, and holds it against its verified backups. */
final class DatabaseProbe {
    /** Fewer than one row in 200 gone is taken for the day's work. */
    private static final int SUSPICIOUS = 200;

    private static final int SHOWN = 20;

    /** Sound indexes are checked until then. */
    private static final Duration INDEX_CHECKS = Duration.ofSeconds(5);

    private final Database db;
    private final List<Manifest> backups;
    private final BooleanSupplier checksFail;
    private final Baseline baseline;
    private final Progress progress;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Table, Long> live = new LinkedHashMap<>();
    private final List<Table> missing = new ArrayList<>();
    private final List<Table> shrunk = new ArrayList<>();
    private final List<Table> unreadable = new ArrayList<>();
    private final List<Evidence.Trace> traces = new ArrayList<>();
    private final List<Signal> signals = new ArrayList<>();
    private final List<LocalWal.Change> changed = new ArrayList<>();

    /** @param backups verified ones of this database, newest first */
    DatabaseProbe(Database db, List<Manifest> backups, BooleanSupplier checksFail, Progress progress) {
        this.db = db;
        this.checksFail = checksFail;
        this.backups = backups;
        this.baseline = new Baseline(backups);
        this.progress = progress;
    }

    SourceReport run() {
        if (Reach.of(db) != Reach.ANSWERS) {
            return report("down", false, false);
        }
        try (Connection connection = PgConnections.open(db)) {
            LiveDatabase database = new LiveDatabase(connection);
            Relations relations = new Relations(connection);
            signals.addAll(asked("whether every file is there", relations::missingFiles));
            count(database, relations);
            trace(database);
            boolean deletes = deletesSeen(database, connection);
            boolean corruption = corruption(database, relations);
            if (missing.isEmpty() && shrunk.isEmpty() && !corruption && checksFail.getAsBoolean()) {
                massChanges(database, connection);
            }
            return report("up", deletes, corruption);
        } catch (FailureException e) {
            return refused(e);
        } catch (SQLException e) {
            return refused(PgFailures.running(db, e));
        }
    }

    @FunctionalInterface
    private interface Question {
        List<Signal> ask() throws SQLException;
    }

    /** What one question finds must not depend on the answer to another. */
    private List<Signal> asked(String what, Question question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            findings.add(new Finding("warning", db.dbname(), "It could not be asked %s: %s.".formatted(what, PgFailures.message(e))));
            return List.of();
        }
    }

    private void count(LiveDatabase database, Relations relations) throws SQLException {
        Set<Table> there = database.tables();
        int done = 0;
        for (var expected : baseline.expected().entrySet()) {
            Table table = expected.getKey();
            progress.at("counting " + table, ++done, baseline.expected().size(), "tables");
            if (there.contains(table)) {
                count(database, relations, table, expected.getValue());
            } else {
                missing.add(table);
                damage(table.toString(), "The table is missing; the backup has %,d rows of it.".formatted(expected.getValue()));
            }
        }
    }

    /** What the WAL can be asked about later, when nobody may look into the database any more. */
    private void trace(LiveDatabase database) throws SQLException {
        if (missing.isEmpty() && shrunk.isEmpty()) {
            return;
        }
        long oid = database.oid();
        missing.forEach(table -> traces.add(new Evidence.Trace(table.toString(), oid, null, 0, 0)));
        for (Table table : shrunk) {
            long left = live.getOrDefault(table, 0L);
            long gone = baseline.expected().getOrDefault(table, 0L) - left;
            traces.add(new Evidence.Trace(table.toString(), oid, database.file(table), gone, left));
        }
    }

    private void count(LiveDatabase database, Relations relations, Table table, long expected) {
        LiveDatabase.Count count = database.count(table);
        switch (count) {
            case LiveDatabase.Exact exact -> judge(table, expected, exact.rows(), "");
            case LiveDatabase.Estimate estimate -> {
                findings.add(new Finding("info", table.toString(), "There was no time to count it; the server estimates %,d rows."
                        .formatted(estimate.rows())));
                if (estimate.rows() * 2 < expected) {
                    judge(table, expected, estimate.rows(), " by the server's estimate");
                }
            }
            case LiveDatabase.Unreadable broken when relations.onlyOfIndex(broken.message()) ->
                findings.add(new Finding("warning", table.toString(), "It cannot be counted before its index is built anew."));
            case LiveDatabase.Unreadable broken -> {
                unreadable.add(table);
                damage(table.toString(), "The server cannot read it: " + broken.message() + ".");
            }
            case LiveDatabase.Refused refused ->
                findings.add(new Finding("warning", table.toString(), "It could not be counted: " + refused.message() + "."));
        }
    }

    private void judge(Table table, long expected, long rows, String how) {
        live.put(table, rows);
        if (rows >= expected) {
            return;
        }
        String text = "%,d rows expected, %,d found%s.".formatted(expected, rows, how);
        if ((expected - rows) * SUSPICIOUS >= expected) {
            shrunk.add(table);
            damage(table.toString(), text);
        } else {
            findings.add(new Finding("info", table.toString(), text + " So few may be the day's work."));
        }
    }

    /** As many deletes as missing rows means a person or a program; none at all means the disk. */
    private boolean deletesSeen(LiveDatabase database, Connection connection) throws SQLException {
        if (shrunk.isEmpty()) {
            return false;
        }
        Optional<LocalWal> wal = LocalWal.since(backups, connection, db);
        long oid = database.oid();
        boolean all = true;
        for (Table table : shrunk) {
            long gone = baseline.expected().getOrDefault(table, 0L) - live.getOrDefault(table, 0L);
            String file = database.file(table);
            Optional<String> deed = file == null ? Optional.empty() : wal.flatMap(log -> log.tookRows(oid, file, gone));
            boolean seen = deed.isPresent() || database.deleted(table, gone);
            all &= seen;
            findings.add(new Finding("info", table.toString(), deed.map("The WAL has their deletion: %s."::formatted).orElse(seen
                    ? "The server saw about as many rows deleted as are missing."
                    : wal.isPresent()
                            ? "Neither the server's statistics nor its WAL show that the missing rows were deleted."
                            : "The server's statistics do not show that the missing rows were deleted.")));
        }
        return all;
    }

    /** Looked for when checks fail although every row is there: one transaction may have changed them all. */
    private void massChanges(LiveDatabase database, Connection connection) throws SQLException {
        Optional<LocalWal> wal = LocalWal.since(backups, connection, db);
        Map<Table, String> files = new LinkedHashMap<>();
        for (Table table : wal.isPresent() ? live.keySet() : Set.<Table>of()) {
            Optional.ofNullable(database.file(table)).ifPresent(file -> files.put(table, file));
        }
        wal.ifPresent(log -> changed.addAll(log.changes(files, live)));
        changed.forEach(change -> {
            traces.add(change.trace());
            damage(change.table().toString(), change.text());
        });
    }

    /** Whether rows are lost: an index can be built anew from its table, so pages of one that is broken do not count. */
    private boolean corruption(LiveDatabase database, Relations relations) throws SQLException {
        List<Signal> indexes = asked("whether its indexes are sound", () -> relations.brokenIndexes(INDEX_CHECKS));
        signals.addAll(indexes);
        boolean tables = !unreadable.isEmpty() || signals.stream().anyMatch(signal -> signal.sign() == Sign.MISSING_RELATION_FILE);
        long failures = backups.isEmpty() ? 0 : database.checksumFailuresSince(backups.get(0).snapshotAt());
        if (failures == 0) {
            return tables;
        }
        boolean inIndexes = !tables && !indexes.isEmpty() && database.readsWhole();
        findings.add(new Finding(inIndexes ? "warning" : "damage", db.dbname(), "%,d pages failed their checksum%s.".formatted(
                failures, inIndexes ? ", all that was found of indexes" : "")));
        if (!inIndexes) {
            signals.add(quiet(Sign.DAMAGED_PAGE, null));
        }
        return !inIndexes;
    }

    private SourceReport refused(FailureException e) {
        String code = e.failure().code();
        damage(db.dbname(), e.failure().what());
        if (code.equals("database-missing")) {
            missing.addAll(baseline.expected().keySet());
        }
        Refusal refusal = new Refusal(e.failure());
        refusal.sign().ifPresent(sign -> signals.add(quiet(sign, refusal.next(sign))));
        return report(refusal.server(), false, code.equals("damaged-data") || !unreadable.isEmpty());
    }

    /** Told among the findings already. */
    private Signal quiet(Sign sign, @Nullable String next) {
        return new Signal(sign, true, db.dbname(), "", next);
    }

    private SourceReport report(String server, boolean deletes, boolean corruption) {
        summarise(deletes);
        List<Table> damaged = new ArrayList<>(missing);
        damaged.addAll(shrunk);
        boolean onlyChanged = damaged.isEmpty() && !changed.isEmpty();
        changed.forEach(change -> damaged.add(change.table()));
        String lastGood = onlyChanged ? changed.getFirst().lastGood() : baseline.lastGood(damaged, live).orElse(null);
        List<String> shown = new ArrayList<>();
        missing.forEach(table -> shown.add(table + ": missing"));
        shrunk.forEach(table -> shown.add("%s: %,d rows expected, %,d found".formatted(
                table, baseline.expected().get(table), live.get(table))));
        unreadable.forEach(table -> shown.add(table + ": unreadable"));
        changed.forEach(change -> shown.add("%s: %,d rows changed".formatted(change.table(), change.trace().changedRows())));
        long expected = shrunk.stream().mapToLong(table -> baseline.expected().getOrDefault(table, 0L)).sum();
        long found = shrunk.stream().mapToLong(table -> live.getOrDefault(table, 0L)).sum();
        var source = new Evidence.Source(
                db.name(), !damaged.isEmpty() || corruption, lastGood, shown.stream().limit(SHOWN).toList(),
                traces.stream().limit(SHOWN).toList());
        return new SourceReport(source, server, missing.size(), expected - found, expected, deletes, corruption,
                0, 0, 0, 0, findings, signals, shown.size());
    }

    private void summarise(boolean deletes) {
        if (!missing.isEmpty() && signals.stream().noneMatch(signal -> signal.sign() == Sign.MISSING_DATABASE)) {
            signals.add(quiet(Sign.MISSING_TABLE, null));
        }
        if (!changed.isEmpty()) {
            signals.add(quiet(Sign.CHANGED_ROWS, null));
        }
        if (!shrunk.isEmpty()) {
            signals.add(quiet(deletes ? Sign.DELETED_ROWS : Sign.LOST_ROWS, null));
        }
        if (!unreadable.isEmpty() && signals.stream().noneMatch(signal -> signal.sign() == Sign.MISSING_RELATION_FILE)) {
            signals.add(quiet(Sign.DAMAGED_PAGE, null));
        }
    }

    private void damage(String about, String text) {
        findings.add(new Finding("damage", about, text));
    }
}
