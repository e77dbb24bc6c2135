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
import java.util.ArrayList;
import java.util.List;
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

    private final Database setAside;
    private final DatabaseTarget target;
    private final long snapshotXmax;

    MeasureLoss(Database db, DatabaseTarget target, long snapshotXmax) {
        this.setAside = db.onDatabase(target.setAside());
        this.target = target;
        this.snapshotXmax = snapshotXmax;
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
                    lost.add(new LostRows(target.database(), table.schema(), table.name(), rows));
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
        String sql = "select count(*) from only %s where xmin::text::bigint >= 3 and ((? - xmin::text::bigint) & 4294967295) <= ?"
                .formatted(table.quoted());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, next);
            statement.setLong(2, next - snapshotXmax);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            LOG.warn("What was written to {} of {} since the backup cannot be counted: {}",
                    table.quoted(), setAside.address(), PgFailures.message(e));
            return 0;
        }
    }
}
