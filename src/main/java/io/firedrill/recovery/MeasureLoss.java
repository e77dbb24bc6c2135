package io.firedrill.recovery;

import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.recovery.Recovery.LostRows;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts rows of the set-aside database that were written after the backup's snapshot: those whose inserting transaction
 * had no number yet when the snapshot was taken. A row's number has 32 bits and wraps; it is read as the newest number
 * with these bits, which is right for everything written within the last four billion transactions.
 */
final class MeasureLoss {
    private static final Logger LOG = LoggerFactory.getLogger(MeasureLoss.class);
    private static final String TABLES = "select format('%I.%I', n.nspname, c.relname), n.nspname, c.relname from pg_class c"
            + " join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and c.relpersistence <> 't'"
            + " and c.oid >= 16384 order by 2, 3";

    /** While people wait for the diagnosis. */
    private static final int QUICK_SECONDS = 10;

    private final Database setAside;
    private final String name;
    private final long snapshotXmax;
    private final List<Long> notCommitted;

    /** @param notCommitted lower numbers than {@code snapshotXmax} whose transactions are not in the restored copy either */
    MeasureLoss(Database db, DatabaseTarget target, long snapshotXmax, List<Long> notCommitted) {
        this(db.onDatabase(target.setAside()), target.database(), snapshotXmax, notCommitted);
    }

    private MeasureLoss(Database setAside, String name, long snapshotXmax, List<Long> notCommitted) {
        this.setAside = setAside;
        this.name = name;
        this.snapshotXmax = snapshotXmax;
        this.notCommitted = notCommitted;
    }

    /** By the note that the restore left on the copy, which now bears the original's name. */
    static MeasureLoss sinceMoment(Database db, DatabaseTarget target, String note) {
        List<Long> numbers = Arrays.stream(note.split(" ")).map(Long::parseLong).toList();
        return new MeasureLoss(db, target, numbers.getFirst(), numbers.subList(1, numbers.size()));
    }

    /**
     * In a live database, since a backup. Empty when it would take longer than {@value #QUICK_SECONDS} s, or when the
     * database was itself restored since, as then every row of it was written since.
     */
    static OptionalLong writtenSince(Database live, String name, long snapshotXmax) {
        MeasureLoss measure = new MeasureLoss(live, name, snapshotXmax, List.of());
        long deadline = System.nanoTime() + Duration.ofSeconds(QUICK_SECONDS).toNanos();
        try (Connection connection = PgConnections.open(live)) {
            connection.setReadOnly(true);
            long next = nextTransaction(connection);
            long rows = 0;
            if (measure.madeSince(connection, next)) {
                return OptionalLong.empty();
            }
            for (Table table : tables(connection)) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left <= 0) {
                    return OptionalLong.empty();
                }
                execute(connection, "set statement_timeout = " + left);
                rows += measure.rows(connection, table, next);
            }
            return OptionalLong.of(rows);
        } catch (SQLException e) {
            return OptionalLong.empty();
        }
    }

    private boolean madeSince(Connection connection, long next) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) = 0 from pg_class where relkind = 'r' and oid >= 16384"
                        + " and (xmin::text::bigint < 3 or ((%d - xmin::text::bigint) & 4294967295) > %d)".formatted(next, next - snapshotXmax))) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private record Table(String quoted, String schema, String name) {}

    /** Tables that cannot be read, being damaged, are left out. */
    List<LostRows> run() {
        List<LostRows> lost = new ArrayList<>();
        try (Connection connection = PgConnections.open(setAside)) {
            connection.setReadOnly(true);
            execute(connection, "set statement_timeout = '5min'");
            long next = nextTransaction(connection);
            for (Table table : tables(connection)) {
                long rows = count(connection, table, next);
                if (rows > 0) {
                    lost.add(new LostRows(name, table.schema(), table.name(), rows));
                }
            }
        } catch (SQLException e) {
            throw PgFailures.running(setAside, e);
        }
        return lost;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long nextTransaction(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select txid_snapshot_xmax(txid_current_snapshot())")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                tables.add(new Table(row.getString(1), row.getString(2), row.getString(3)));
            }
        }
        return tables;
    }

    private long count(Connection connection, Table table, long next) {
        try {
            return rows(connection, table, next);
        } catch (SQLException e) {
            LOG.warn("What was written to {} of {} since the backup cannot be counted: {}",
                    table.quoted(), setAside.address(), PgFailures.message(e));
            return 0;
        }
    }

    private long rows(Connection connection, Table table, long next) throws SQLException {
        String sql = ("select count(*) from only %s where xmin::text::bigint >= 3"
                + " and (((? - xmin::text::bigint) & 4294967295) <= ? or xmin::text::bigint = any(?))")
                .formatted(table.quoted());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, next);
            statement.setLong(2, next - snapshotXmax);
            statement.setArray(3, connection.createArrayOf(
                    "bigint", notCommitted.stream().map(number -> number & 0xffffffffL).toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
