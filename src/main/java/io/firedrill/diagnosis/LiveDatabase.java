package io.firedrill.diagnosis;

import io.firedrill.diagnosis.Baseline.Table;
import io.firedrill.proof.PgFailures;
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
import org.jspecify.annotations.Nullable;

/** The questions that a diagnosis asks a database. */
final class LiveDatabase {
    /** For all counts together; what is not counted by then is estimated. */
    private static final Duration COUNTING = Duration.ofSeconds(20);

    private static final long STATEMENT_MILLIS = 10_000;
    private static final Duration STATISTICS_LATENESS = Duration.ofSeconds(2);
    private static final Set<String> DAMAGE = Set.of("XX001", "XX002", "58P01", "58030", "XX000");
    private static final String CANCELED = "57014";

    private final Connection connection;
    private final long countUntil = System.nanoTime() + COUNTING.toNanos();

    LiveDatabase(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute("set default_transaction_read_only = on");
            statement.execute("set search_path = ''");
            statement.execute("set row_security = off");
            statement.execute("set lock_timeout = '2s'");
            statement.execute("set statement_timeout = " + STATEMENT_MILLIS);
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
            limit(left);
            try {
                return new Exact(number("select count(*) from only " + quoted(table)));
            } finally {
                limit(STATEMENT_MILLIS);
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

    long oid() throws SQLException {
        return number("select oid from pg_database where datname = current_database()");
    }

    /** Null when the table went in the meantime. */
    @Nullable String file(Table table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_relation_filepath(to_regclass(?))")) {
            statement.setString(1, quoted(table));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Whether every table's long values, which counting does not touch, can be read within the time for counting. */
    boolean readsWhole() throws SQLException {
        limit(Math.max(1, (countUntil - System.nanoTime()) / 1_000_000));
        try (Statement statement = connection.createStatement();
                ResultSet toast = statement.executeQuery("select oid::regclass from pg_class where relkind = 't'"
                        + " and relpersistence = 'p' and relnamespace = 'pg_toast'::regnamespace and relpages > 0")) {
            while (toast.next()) {
                number("select count(*) from " + toast.getString(1));
            }
            return true;
        } catch (SQLException e) {
            return false;
        } finally {
            limit(STATEMENT_MILLIS);
        }
    }

    private void limit(long millis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = " + millis);
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
