package io.firedrill.exporter;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.slf4j.Logger;

/**
 * The connection of one partition's exporter. Opened when first needed and again after any failure; whatever was not
 * committed is written again by the caller.
 */
final class StateDatabase {
    private static final String INSERT_RECORD = "insert into engine_history.record"
            + " (partition, position, at, value_type, intent, record_key, process_instance_key, element_id, record)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?::json) on conflict do nothing";
    private static final String SET_PROGRESS = "insert into engine_history.progress"
            + " as had (partition, position, at, exported_at) values (?, ?, ?, now()) on conflict (partition)"
            + " do update set position = greatest(had.position, excluded.position),"
            + " at = greatest(had.at, excluded.at), exported_at = excluded.exported_at";
    private static final int LOCK_SPACE = 0x4644_4558; // "FDEX"

    private final Settings settings;
    private final int partition;
    private final Logger log;
    private @Nullable Connection connection;

    StateDatabase(Settings settings, int partition, Logger log) {
        this.settings = settings;
        this.partition = partition;
        this.log = log;
    }

    /** Writes all entries in one transaction; harmless when some or all of them are there already. */
    void write(List<Entry> entries) throws SQLException, IOException {
        try {
            Connection open = connected();
            if (!insert(open, entries)) {
                open.rollback();
                String old = Schema.setAside(open);
                log.warn("The state database held the history of another engine; it is kept as schema {}", old);
                if (!insert(open, entries)) {
                    throw new SQLException("The state database still holds other records at the same positions.");
                }
            }
            open.commit();
        } catch (SQLException | IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                log.debug("Closing the connection to the state database failed", e);
            }
        }
    }

    private Connection connected() throws SQLException, IOException {
        Connection open = connection;
        if (open == null) {
            open = connect();
            connection = open;
            open.setAutoCommit(false);
            reserve(open);
            Schema.update(open);
        }
        return open;
    }

    /** Not through DriverManager: inside the broker it would find the drivers of another class loader. */
    private Connection connect() throws SQLException, IOException {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "firedrill-exporter");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("tcpKeepAlive", "true");
        String user = settings.user();
        if (user != null) {
            properties.setProperty("user", user);
        }
        String password = settings.password();
        if (password != null) {
            properties.setProperty("password", password);
        }
        Connection open = new Driver().connect(settings.url(), properties);
        if (open == null) {
            throw new SQLException("Not an address of a PostgreSQL database: " + settings.url());
        }
        return open;
    }

    /**
     * Two engines must not write the same partition at once. The lock belongs to the session; the keep-alives let the
     * server notice within a minute that a broker's machine is gone, so that the next leader can write.
     */
    private void reserve(Connection open) throws SQLException {
        try (Statement statement = open.createStatement()) {
            statement.execute("set tcp_keepalives_idle = 20");
            statement.execute("set tcp_keepalives_interval = 10");
            statement.execute("set tcp_keepalives_count = 3");
            try (ResultSet result =
                    statement.executeQuery("select pg_try_advisory_lock(%d, %d)".formatted(LOCK_SPACE, partition))) {
                result.next();
                if (!result.getBoolean(1)) {
                    throw new SQLException("Another broker's exporter writes partition " + partition
                            + " into this state database. It goes on once that one has ended.");
                }
            }
        }
        open.commit();
    }

    /** False, with nothing kept by the caller, when a position already holds another record. */
    private boolean insert(Connection open, List<Entry> entries) throws SQLException {
        if (!sameLog(open, entries, insertRecords(open, entries))) {
            return false;
        }
        upsertRows(open, entries);
        setProgress(open, entries.getLast());
        return true;
    }

    /** Logs that differ once never agree again: the last record that was there already speaks for those before it. */
    private static boolean sameLog(Connection open, List<Entry> entries, int[] inserted) throws SQLException {
        for (int i = inserted.length - 1; i >= 0; i--) {
            if (inserted[i] == 0) {
                return holds(open, entries.get(i));
            }
        }
        return true;
    }

    private static int[] insertRecords(Connection open, List<Entry> entries) throws SQLException {
        try (PreparedStatement insert = open.prepareStatement(INSERT_RECORD)) {
            for (Entry entry : entries) {
                set(insert, 1, entry.partition());
                set(insert, 2, entry.position());
                set(insert, 3, entry.at());
                set(insert, 4, entry.valueType());
                set(insert, 5, entry.intent());
                set(insert, 6, entry.key());
                set(insert, 7, entry.processInstanceKey());
                set(insert, 8, entry.elementId());
                set(insert, 9, entry.json());
                insert.addBatch();
            }
            return insert.executeBatch();
        }
    }

    private static boolean holds(Connection open, Entry entry) throws SQLException {
        try (PreparedStatement select = open.prepareStatement("select 1 from engine_history.record"
                + " where partition = ? and position = ? and record_key = ? and at = ? and value_type = ?")) {
            set(select, 1, entry.partition());
            set(select, 2, entry.position());
            set(select, 3, entry.key());
            set(select, 4, entry.at());
            set(select, 5, entry.valueType());
            try (ResultSet result = select.executeQuery()) {
                return result.next();
            }
        }
    }

    private static void upsertRows(Connection open, List<Entry> entries) throws SQLException {
        Map<Table, PreparedStatement> upserts = new EnumMap<>(Table.class);
        try {
            for (Entry entry : entries) {
                for (Row row : entry.rows()) {
                    PreparedStatement upsert = upserts.get(row.table());
                    if (upsert == null) {
                        upsert = open.prepareStatement(row.table().upsert());
                        upserts.put(row.table(), upsert);
                    }
                    for (int i = 0; i < row.parameters().size(); i++) {
                        set(upsert, i + 1, row.parameters().get(i));
                    }
                    upsert.addBatch();
                }
            }
            for (PreparedStatement upsert : upserts.values()) {
                upsert.executeBatch();
            }
        } finally {
            for (PreparedStatement upsert : upserts.values()) {
                upsert.close();
            }
        }
    }

    private static void setProgress(Connection open, Entry last) throws SQLException {
        try (PreparedStatement progress = open.prepareStatement(SET_PROGRESS)) {
            set(progress, 1, last.partition());
            set(progress, 2, last.position());
            set(progress, 3, last.at());
            progress.executeUpdate();
        }
    }

    /** PostgreSQL takes every character but NUL; a record that holds one must not stop the export. */
    private static void set(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        statement.setObject(index, value instanceof String text ? text.replace('\0', '\uFFFD') : value);
    }
}
