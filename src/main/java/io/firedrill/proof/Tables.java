package io.firedrill.proof;

import io.firedrill.proof.DatabaseContents.TableContent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/** The tables whose rows are measured, and how. */
final class Tables {
    private static final int REPORT_EVERY = 1 << 16;

    private Tables() {}

    /**
     * @param columns quoted, sorted by name; empty for a table without columns
     * @param condition rows of an extension's configuration table that a dump carries, or null or empty for all
     * @param estimatedRows as the planner last knew
     * @param columnCount of {@code columns}
     * @param asInDump whether pg_dump's text of every value is the same as ours
     */
    record Table(
            String schema,
            String name,
            String columns,
            @Nullable String condition,
            long pages,
            long estimatedRows,
            long oid,
            int columnCount,
            boolean asInDump) {
        /** What the dump's rows say of this table; null when it has to be read. */
        @Nullable TableContent in(Map<Long, RowsInDump.Rows> dump) {
            RowsInDump.Rows found = asInDump ? dump.get(oid) : null;
            // A dump leaves generated columns out.
            return found == null || found.columns() != columnCount
                    ? null
                    : new TableContent(schema, name, found.rows(), found.digest());
        }

        String copy(String encoding) {
            // The text stays in the server's own encoding: nothing is converted, nothing can fail to convert.
            return "copy (select %s from only %s.%s %s) to stdout (encoding '%s')"
                    .formatted(columns, quoted(schema), quoted(name), condition == null ? "" : condition, encoding);
        }
    }

    /** Largest first, so that sessions that share the work end together. */
    static List<Table> list(Session session) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery(CatalogQuery.read("tables.sql", session.version(), false))) {
            while (row.next()) {
                tables.add(new Table(row.getString(1), row.getString(2), row.getString(6), row.getString(5),
                        row.getLong(3), row.getLong(4), row.getLong(7), row.getInt(8), row.getBoolean(9)));
            }
        }
        tables.sort(Comparator.comparingLong(Table::pages).reversed());
        return tables;
    }

    /** {@code rowsRead} hears now and then how many more rows were read, and may throw to stop. */
    static TableContent measure(Session session, Table table, LongConsumer rowsRead) throws SQLException {
        CopyText text = new CopyText(null);
        CopyOut copy = session.connection().unwrap(PGConnection.class).getCopyAPI().copyOut(table.copy(session.encoding()));
        try {
            long reported = 0;
            // In text form, one message of the protocol is one row.
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                text.row(row);
                if (text.rows() - reported == REPORT_EVERY) {
                    reported = text.rows();
                    rowsRead.accept(REPORT_EVERY);
                }
            }
            rowsRead.accept(text.rows() - reported);
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        return new TableContent(table.schema(), table.name(), text.rows(), text.digest());
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
