package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Baseline.Table;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgFailures;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** The questions that a diagnosis asks a database. */
final class LiveDatabase {
    /** For all counts together; what is not counted by then is estimated. */
    private static final Duration COUNTING = Duration.ofSeconds(20);

    private static final Duration STATISTICS_LATENESS = Duration.ofSeconds(2);
    private static final Set<String> DAMAGE = Set.of("XX001", "XX002", "58P01", "58030", "XX000");
    private static final String CANCELED = "57014";
    private static final long ALMOST_NOTHING = 16L << 20;

    private final Connection connection;
    private final Database db;
    private final long countUntil = System.nanoTime() + COUNTING.toNanos();

    LiveDatabase(Connection connection, Database db) throws SQLException {
        this.connection = connection;
        this.db = db;
        try (Statement statement = connection.createStatement()) {
            statement.execute("set default_transaction_read_only = on");
            statement.execute("set search_path = ''");
            statement.execute("set row_security = off");
            statement.execute("set lock_timeout = '2s'");
            statement.execute("set statement_timeout = '10s'");
            // An index can count rows whose table is gone from the disk; the table itself is asked.
            statement.execute("set enable_indexonlyscan = off");
            statement.execute("set enable_indexscan = off");
            statement.execute("set enable_bitmapscan = off");
        }
    }

    sealed interface Count {}

    record Exact(long rows) implements Count {}

    record Estimate(long rows) implements Count {}

    /** The disk does not give it back. */
    record Unreadable(String message) implements Count {}

    record Refused(String message) implements Count {}

    Set<Table> tables() throws SQLException {
        Set<Table> tables = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select n.nspname, c.relname from pg_class c"
                        + " join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p')")) {
            while (row.next()) {
                tables.add(new Table(row.getString(1), row.getString(2)));
            }
        }
        return tables;
    }

    Count count(Table table) {
        long left = (countUntil - System.nanoTime()) / 1_000_000;
        try {
            if (left < 100) {
                return estimate(table);
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("set statement_timeout = " + left);
                return new Exact(number("select count(*) from only " + quoted(table)));
            } finally {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("set statement_timeout = '10s'");
                }
            }
        } catch (SQLException e) {
            return counted(table, e);
        }
    }

    private Count counted(Table table, SQLException e) {
        String state = PgFailures.state(e);
        if (DAMAGE.contains(state)) {
            return new Unreadable(PgFailures.message(e));
        }
        try {
            return state.equals(CANCELED) ? estimate(table) : new Refused(PgFailures.message(e));
        } catch (SQLException second) {
            return new Refused(PgFailures.message(second));
        }
    }

    private Count estimate(Table table) throws SQLException {
        return new Estimate(number("select greatest(coalesce(pg_stat_get_live_tuples(c.oid), 0), c.reltuples)::bigint"
                + " from pg_class c where c.oid = '" + quoted(table).replace("'", "''") + "'::regclass"));
    }

    /** Whether statistics show about so many deletes, or that the table was emptied at one stroke (TRUNCATE). */
    boolean deleted(Table table, long gone) throws SQLException {
        // Sessions tell their statistics late.
        return deletedSoFar(table, gone) || (pause() && deletedSoFar(table, gone));
    }

    private boolean deletedSoFar(Table table, long gone) throws SQLException {
        String relation = "'" + quoted(table).replace("'", "''") + "'::regclass";
        return number("select pg_stat_get_tuples_deleted(" + relation + ")") >= gone * 9 / 10
                || number("select count(*) from pg_class where oid = " + relation
                        + " and pg_relation_size(oid) = 0 and pg_relation_filenode(oid) <> oid") == 1;
    }

    private static boolean pause() {
        try {
            Thread.sleep(STATISTICS_LATENESS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    long checksumFailuresSince(Instant moment) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select coalesce(sum(checksum_failures), 0)"
                + " from pg_stat_database where (datname = current_database() or datid = 0) and checksum_last_failure > ?")) {
            statement.setTimestamp(1, Timestamp.from(moment));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Seen only when the server is on this host and shows us where its data is. */
    boolean diskFull() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_setting('data_directory', true)"
                        + " where current_setting('is_superuser') = 'on'")) {
            if (!row.next() || !InetAddress.getByName(db.host()).isLoopbackAddress()) {
                return false;
            }
            return Files.getFileStore(Path.of(row.getString(1))).getUsableSpace() < ALMOST_NOTHING;
        } catch (UnknownHostException e) {
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String quoted(Table table) {
        return '"' + table.schema().replace("\"", "\"\"") + "\".\"" + table.name().replace("\"", "\"\"") + '"';
    }
}
