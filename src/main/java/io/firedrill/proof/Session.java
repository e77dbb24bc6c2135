package io.firedrill.proof;

import io.firedrill.plan.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A read-only session in which the same value always has the same text. */
final class Session implements AutoCloseable {
    private static final Map<String, String> CANONICAL = canonical();

    private final Connection connection;
    private final int version;
    private final String encoding;

    private Session(Connection connection) throws SQLException {
        this.connection = connection;
        this.version = Integer.parseInt(text("show server_version_num"));
        this.encoding = text("show server_encoding");
    }

    /** In one repeatable-read transaction; on the given snapshot or, with null, one of its own. */
    static Session open(Database db, @Nullable String snapshotId) {
        Connection connection = PgConnections.open(db);
        try {
            settle(connection);
            Session session = new Session(connection);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            if (snapshotId != null) {
                session.execute("set transaction snapshot '" + snapshotId.replace("'", "''") + "'");
            }
            return session;
        } catch (SQLException e) {
            close(connection);
            throw PgFailures.running(db, e);
        }
    }

    private static void settle(Connection connection) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("select pg_catalog.set_config(?, ?, false)")) {
            for (var setting : CANONICAL.entrySet()) {
                set.setString(1, setting.getKey());
                set.setString(2, setting.getValue());
                set.execute();
            }
        }
    }

    private static Map<String, String> canonical() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("search_path", "");
        settings.put("timezone", "UTC");
        settings.put("datestyle", "ISO, YMD");
        settings.put("intervalstyle", "postgres");
        settings.put("extra_float_digits", "3");
        settings.put("bytea_output", "hex");
        settings.put("xmlbinary", "base64");
        settings.put("xmloption", "content");
        settings.put("lc_monetary", "C");
        settings.put("quote_all_identifiers", "off");
        // With a policy in the way, an error is wanted, not the rows that the policy lets through.
        settings.put("row_security", "off");
        settings.put("statement_timeout", "0");
        settings.put("lock_timeout", "0");
        settings.put("idle_in_transaction_session_timeout", "0");
        // A seq scan that joins another half-way is right but reads pages in another order: no gain here.
        settings.put("synchronize_seqscans", "off");
        settings.put("default_transaction_read_only", "on");
        return settings;
    }

    Connection connection() {
        return connection;
    }

    /** E.g. 150020. */
    int version() {
        return version;
    }

    /** Of the server's database, e.g. {@code UTF8}. */
    String encoding() {
        return encoding;
    }

    /** Keeps the snapshot importable while this session is open. */
    String exportSnapshot() throws SQLException {
        return text("select pg_catalog.pg_export_snapshot()");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** First column of the first row. */
    String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @Override
    public void close() {
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // The session is gone either way, and it changed nothing.
        }
    }
}
