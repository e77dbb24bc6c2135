package io.firedrill.proof;

import io.firedrill.proof.DatabaseContents.TableContent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
     */
    record Table(String schema, String name, String columns, @Nullable String condition, long pages, long estimatedRows) {
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
                        row.getLong(3), row.getLong(4)));
            }
        }
        tables.sort(Comparator.comparingLong(Table::pages).reversed());
        return tables;
    }

    /** {@code rowsRead} hears now and then how many more rows were read, and may throw to stop. */
    static TableContent measure(Session session, Table table, LongConsumer rowsRead) throws SQLException {
        DigestSum sum = new DigestSum();
        Sha256 sha256 = new Sha256();
        byte[] digest = new byte[Sha256.BYTES];
        CopyOut copy = session.connection().unwrap(PGConnection.class).getCopyAPI().copyOut(table.copy(session.encoding()));
        try {
            long reported = 0;
            // In text form, one message of the protocol is one row.
            for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                sha256.add(row);
                sha256.finishInto(digest);
                sum.add(digest);
                if (sum.count() - reported == REPORT_EVERY) {
                    reported = sum.count();
                    rowsRead.accept(REPORT_EVERY);
                }
            }
            rowsRead.accept(sum.count() - reported);
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        return new TableContent(table.schema(), table.name(), sum.count(), sum.hex());
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }
}
