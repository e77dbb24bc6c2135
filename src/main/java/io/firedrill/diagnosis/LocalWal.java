package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Baseline.Table;
import io.firedrill.diagnosis.Evidence.Trace;
import io.firedrill.diagnosis.rewind.MassChange;
import io.firedrill.diagnosis.rewind.RelationFile;
import io.firedrill.diagnosis.rewind.Rewind;
import io.firedrill.diagnosis.rewind.RewindFinder;
import io.firedrill.diagnosis.rewind.Suspect;
import io.firedrill.diagnosis.rewind.Symptom;
import io.firedrill.diagnosis.rewind.WalTransaction;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.ServerPlan;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifest.DatabaseFacts;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.PgWaldump;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server's own WAL, when it lies on this host, what was done since a backup. At most {@value #MOST} bytes are read, so
 * that it takes seconds; older WAL is looked through when a recovery is planned.
 */
final class LocalWal {
    static final long MOST = 512L << 20;

    private static final double EXPLAINED = 0.95;

    private final RewindFinder finder;
    private final List<Manifest> backups;

    private LocalWal(RewindFinder finder, List<Manifest> backups) {
        this.finder = finder;
        this.backups = backups;
    }

    /** The server's own position; {@code segment} in bytes. */
    private record Here(String system, int timeline, Lsn now, long segment, String data) {}

    /** Since the oldest of these backups that the WAL reaches back to; empty when it reaches none, or is not for us to read. */
    static Optional<LocalWal> since(List<Manifest> newestFirst, Connection connection, Database db) {
        try {
            if (!InetAddress.getByName(db.host()).isLoopbackAddress()) {
                return Optional.empty();
            }
            Here here = here(connection);
            Path wal = db.place().map(ServerPlan::data).orElse(Path.of(here.data())).resolve("pg_wal");
            return newestFirst.reversed().stream()
                    .map(Manifest::database)
                    .filter(Objects::nonNull)
                    .filter(facts -> facts.systemIdentifier().equals(here.system()) && facts.timeline() == here.timeline())
                    .map(facts -> Lsn.parse(facts.lsn()))
                    .filter(from -> here.now().value() - from.value() <= MOST && Files.isReadable(wal.resolve(segment(here, from))))
                    .findFirst()
                    .map(from -> new LocalWal(new RewindFinder(new PgWaldump.Range(wal, here.timeline(), from, here.now())), newestFirst));
        } catch (SQLException | UnknownHostException e) {
            // A standby, or a role that may not ask for this.
            return Optional.empty();
        }
    }

    /** What took so many rows of a table, in words; empty when this WAL does not account for them. */
    Optional<String> tookRows(long database, String path, long missing) {
        try {
            Optional<Rewind> rewind = RelationFile.ofPath(path).map(file -> finder.find(new Symptom.RowsGone(database, file, missing)));
            List<Suspect> suspects = rewind.map(Rewind::suspects).orElse(List.of());
            long rows = suspects.stream().mapToLong(suspect -> suspect.rows().orElse(missing)).sum();
            return suspects.isEmpty() || rows < missing * EXPLAINED
                    ? Optional.empty()
                    : Optional.of("transaction %d at %s, position %s".formatted(suspects.getFirst().transaction().xid(),
                            suspects.getFirst().transaction().at(), suspects.getFirst().transaction().commit()));
        } catch (FailureException e) {
            return Optional.empty();
        }
    }

    /**
     * A table most of whose rows one transaction changed.
     *
     * @param lastGood the newest backup from before it
     */
    record Change(Table table, Trace trace, String text, @Nullable String lastGood) {}

    /** Once for each table, the first such transaction of it. */
    List<Change> changes(Map<Table, String> files, Map<Table, Long> rows) {
        Map<RelationFile, Table> tables = new LinkedHashMap<>();
        files.forEach((table, path) -> RelationFile.ofPath(path).ifPresent(file -> tables.put(file, table)));
        Map<RelationFile, Long> counts = new LinkedHashMap<>();
        tables.forEach((file, table) -> counts.put(file, rows.getOrDefault(table, 0L)));
        Map<Table, Change> first = new LinkedHashMap<>();
        for (MassChange change : massChanges(counts)) {
            Table table = Objects.requireNonNull(tables.get(change.file()));
            WalTransaction transaction = change.suspect().transaction();
            long many = change.suspect().rows().orElse(0);
            long all = rows.getOrDefault(table, 0L);
            first.putIfAbsent(table, new Change(table,
                    new Trace(table.toString(), change.file().database(), files.get(table), 0, all, many),
                    "Transaction %d changed %,d of its %,d rows at %s, position %s.".formatted(
                            transaction.xid(), many, all, transaction.at(), transaction.commit()),
                    lastBefore(transaction.commit()).orElse(null)));
        }
        return List.copyOf(first.values());
    }

    private List<MassChange> massChanges(Map<RelationFile, Long> rows) {
        try {
            return finder.massChanges(rows);
        } catch (FailureException e) {
            return List.of();
        }
    }

    /** The newest backup from before a commit. */
    private Optional<String> lastBefore(Lsn commit) {
        return backups.stream()
                .filter(backup -> {
                    DatabaseFacts facts = backup.database();
                    return facts != null && Lsn.parse(facts.lsn()).compareTo(commit) <= 0;
                })
                .map(backup -> backup.id().value())
                .findFirst();
    }

    private static Here here(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select (select system_identifier from pg_control_system()), (select timeline_id from pg_control_checkpoint()),
                          pg_current_wal_flush_lsn(), (select setting::bigint from pg_settings where name = 'wal_segment_size'),
                          current_setting('data_directory')""")) {
            row.next();
            return new Here(row.getString(1), row.getInt(2), Lsn.parse(row.getString(3)), row.getLong(4), row.getString(5));
        }
    }

    /** PostgreSQL manual, 30.6 "WAL Internals": timeline, and the number of the segment in two parts. */
    private static String segment(Here here, Lsn lsn) {
        long number = lsn.value() / here.segment();
        long perId = 0x100000000L / here.segment();
        return "%08X%08X%08X".formatted(here.timeline(), number / perId, number % perId);
    }
}
