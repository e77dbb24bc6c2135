package io.firedrill.recovery;

import io.firedrill.plan.Database;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.recovery.surgical.TableChange;
import io.firedrill.recovery.surgical.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be told of wanted tables before a scratch copy is there: whether they live, how many rows they and the backup have. */
final class LiveTables {
    private LiveTables() {}

    /** {@code recorded}: of the backup; null when it counts no rows, as a base backup. */
    static List<TableChange> look(Database db, List<TableName> wanted, @Nullable DatabaseContents recorded) {
        List<TableChange> changes = new ArrayList<>();
        try (Connection connection = PgConnections.open(db);
                PreparedStatement there = connection.prepareStatement("select format('%I.%I', n.nspname, c.relname) from pg_class c"
                        + " join pg_namespace n on n.oid = c.relnamespace where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p')")) {
            for (TableName table : wanted) {
                there.setString(1, table.schema());
                there.setString(2, table.table());
                try (ResultSet row = there.executeQuery()) {
                    boolean lives = row.next();
                    changes.add(TableChange.wanted(table, lives, rows(recorded, table), lives ? count(connection, row.getString(1)) : 0));
                }
            }
            return changes;
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    private static @Nullable Long rows(@Nullable DatabaseContents recorded, TableName table) {
        return recorded == null ? null : recorded.tables().stream()
                .filter(one -> one.schema().equals(table.schema()) && one.table().equals(table.table()))
                .map(DatabaseContents.TableContent::rows)
                .findFirst()
                .orElse(null);
    }

    private static long count(Connection connection, String quoted) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + quoted)) {
            row.next();
            return row.getLong(1);
        }
    }
}
