package io.firedrill.backup;

import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.store.Manifest.Tablespace;
import io.firedrill.tool.PgReplication;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * One session beside a base backup. It tells the server's facts and holds a temporary replication slot, so that the server
 * keeps the WAL that pg_basebackup fetches at the end; the slot goes with the session, however that ends.
 */
final class ServerSession implements AutoCloseable {
    private static final String FACTS =
            """
            select clock_timestamp() as at, current_setting('server_version') as version,
                   current_setting('server_version_num')::int as version_num,
                   (select system_identifier::text from pg_control_system()) as system_identifier,
                   pg_size_bytes(current_setting('wal_segment_size')) as segment,
                   (select rolsuper or rolreplication from pg_roles where rolname = current_user) as replicates
            """;
    private static final String BYTES =
            "select coalesce(sum(pg_database_size(oid)), 0) from pg_database where has_database_privilege(oid, 'CONNECT')";
    private static final String TABLESPACES =
            "select oid::bigint, spcname, pg_tablespace_location(oid) from pg_tablespace"
                    + " where pg_tablespace_location(oid) <> '' order by oid";
    private static final String DATABASES = "select datname from pg_database where not datistemplate order by datname";

    private final Database db;
    private final Connection connection;

    private ServerSession(Database db, Connection connection) {
        this.db = db;
        this.connection = connection;
    }

    /** @param at the server's clock; {@code segmentBytes} the size of its WAL segments */
    record Facts(
            Instant at, String version, int versionNum, String systemIdentifier, long segmentBytes, long bytes,
            List<Tablespace> tablespaces, List<String> databases) {}

    /** Lasting failure {@code missing-replication} when the user may not replicate. */
    static ServerSession open(Database db) {
        return new ServerSession(db, PgConnections.open(db));
    }

    Facts facts() {
        try (Statement statement = connection.createStatement()) {
            List<Tablespace> tablespaces = tablespaces(statement);
            List<String> databases = databases(statement);
            long bytes = bytes(statement);
            try (ResultSet row = statement.executeQuery(FACTS)) {
                row.next();
                if (!row.getBoolean("replicates")) {
                    throw PgReplication.roleMayNot(db);
                }
                return new Facts(
                        row.getObject("at", OffsetDateTime.class).toInstant(), row.getString("version"),
                        row.getInt("version_num"), row.getString("system_identifier"), row.getLong("segment"), bytes,
                        tablespaces, databases);
            }
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    /** From now on the server removes no WAL, until the session ends. */
    void keepWal(String slot) {
        try (Statement statement = connection.createStatement()) {
            // Idle for as long as the copy takes; the setting is there from version 14 on.
            statement.execute("select set_config(name, '0', false) from pg_settings where name = 'idle_session_timeout'");
            statement.execute("select pg_create_physical_replication_slot('" + slot + "', true, true)");
        } catch (SQLException e) {
            throw PgReplication.noSlot(db, PgFailures.message(e), PgFailures.state(e)).orElseGet(() -> PgFailures.running(db, e));
        }
    }

    Instant clock() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    private static List<Tablespace> tablespaces(Statement statement) throws SQLException {
        List<Tablespace> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(TABLESPACES)) {
            while (row.next()) {
                found.add(new Tablespace(row.getLong(1), row.getString(2), row.getString(3)));
            }
        }
        return found;
    }

    private static List<String> databases(Statement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet row = statement.executeQuery(DATABASES)) {
            while (row.next()) {
                found.add(row.getString(1));
            }
        }
        return found;
    }

    private static long bytes(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(BYTES)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The server ends it by itself.
        }
    }
}
