package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Baseline.Table;
import io.firedrill.diagnosis.Evidence.Finding;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Progress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at one database, read-only, and holds it against its verified backups. */
final class DatabaseProbe {
    /** Fewer than one row in 200 gone is taken for the day's work. */
    private static final int SUSPICIOUS = 200;

    private static final int SHOWN = 20;

    private final Database db;
    private final List<Manifest> backups;
    private final Baseline baseline;
    private final Progress progress;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<Table, Long> live = new LinkedHashMap<>();
    private final List<Table> missing = new ArrayList<>();
    private final List<Table> shrunk = new ArrayList<>();
    private final List<Table> unreadable = new ArrayList<>();

    /** {@code backups}: verified ones of this database, newest first. */
    DatabaseProbe(Database db, List<Manifest> backups, Progress progress) {
        this.db = db;
        this.backups = backups;
        this.baseline = new Baseline(backups);
        this.progress = progress;
    }

    SourceReport run() {
        try (Connection connection = PgConnections.open(db)) {
            LiveDatabase database = new LiveDatabase(connection, db);
            count(database);
            boolean deletes = deletesSeen(database);
            boolean checksums = checksumFailures(database);
            return report("up", deletes, checksums || !unreadable.isEmpty(), diskFull(database));
        } catch (FailureException e) {
            return refused(e);
        } catch (SQLException e) {
            return refused(PgFailures.running(db, e));
        }
    }

    private void count(LiveDatabase database) throws SQLException {
        Set<Table> there = database.tables();
        int done = 0;
        for (var expected : baseline.expected().entrySet()) {
            Table table = expected.getKey();
            progress.at("counting " + table, ++done, baseline.expected().size(), "tables");
            if (there.contains(table)) {
                count(database, table, expected.getValue());
            } else {
                missing.add(table);
                damage(table.toString(), "The table is missing; the backup has %,d rows of it.".formatted(expected.getValue()));
            }
        }
    }

    private void count(LiveDatabase database, Table table, long expected) {
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
    private boolean deletesSeen(LiveDatabase database) throws SQLException {
        if (shrunk.isEmpty()) {
            return false;
        }
        boolean all = true;
        for (Table table : shrunk) {
            long gone = baseline.expected().getOrDefault(table, 0L) - live.getOrDefault(table, 0L);
            boolean seen = database.deleted(table, gone);
            all &= seen;
            findings.add(new Finding("info", table.toString(), seen
                    ? "The server saw about as many rows deleted as are missing."
                    : "The server's statistics do not show that the missing rows were deleted."));
        }
        return all;
    }

    private boolean checksumFailures(LiveDatabase database) throws SQLException {
        if (backups.isEmpty()) {
            return false;
        }
        long failures = database.checksumFailuresSince(backups.get(0).snapshotAt());
        if (failures > 0) {
            damage(db.dbname(), "%,d pages failed their checksum.".formatted(failures));
        }
        return failures > 0;
    }

    private boolean diskFull(LiveDatabase database) throws SQLException {
        boolean full = database.diskFull();
        if (full) {
            damage(db.dbname(), "The disk of its server is full.");
        }
        return full;
    }

    private SourceReport refused(FailureException e) {
        String code = e.failure().code();
        damage(db.dbname(), e.failure().what());
        boolean gone = code.equals("database-missing");
        if (gone) {
            missing.addAll(baseline.expected().keySet());
        }
        return report(server(code), false, code.equals("damaged-data"), code.equals("target-disk-full"));
    }

    private static String server(String code) {
        return switch (code) {
            case "server-unreachable", "session-ended" -> "down";
            case "server-starting" -> "starting";
            case "too-many-connections" -> "rejecting";
            case "wrong-password", "refused-by-pg-hba", "database-missing", "database-fenced", "password-file", "missing-privilege" ->
                "refused";
            default -> "up";
        };
    }

    private SourceReport report(String server, boolean deletes, boolean corruption, boolean diskFull) {
        List<Table> damaged = new ArrayList<>(missing);
        damaged.addAll(shrunk);
        String lastGood = baseline.lastGood(damaged, live).orElse(null);
        List<String> shown = new ArrayList<>();
        missing.forEach(table -> shown.add(table + ": missing"));
        shrunk.forEach(table -> shown.add("%s: %,d rows expected, %,d found".formatted(
                table, baseline.expected().get(table), live.get(table))));
        unreadable.forEach(table -> shown.add(table + ": unreadable"));
        long expected = shrunk.stream().mapToLong(table -> baseline.expected().getOrDefault(table, 0L)).sum();
        long found = shrunk.stream().mapToLong(table -> live.getOrDefault(table, 0L)).sum();
        var source = new Evidence.Source(
                db.name(), !damaged.isEmpty() || corruption, lastGood, shown.stream().limit(SHOWN).toList());
        return new SourceReport(source, server, missing.size(), expected - found, expected, deletes, corruption, diskFull,
                0, 0, 0, 0, findings);
    }

    private void damage(String about, String text) {
        findings.add(new Finding("damage", about, text));
    }
}
