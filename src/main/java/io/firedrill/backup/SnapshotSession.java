package io.firedrill.backup;

import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.store.Manifest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** One session whose snapshot pg_dump and the measuring share; while it is open they see the database at one moment. */
public final class SnapshotSession implements AutoCloseable {
    /**
     * The first statement of the transaction takes the snapshot; its own start is just before, so that what was committed
     * by then is in.
     */
    private static final String SNAPSHOT =
            """
            select statement_timestamp() as at, pg_export_snapshot() as snapshot,
                   pg_snapshot_xmax(pg_current_snapshot())::text::bigint as xmax,
                   case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end::text as lsn,
                   current_setting('server_version') as version,
                   current_setting('server_version_num')::int as version_num,
                   (select system_identifier::text from pg_control_system()) as system_identifier,
                   (select timeline_id from pg_control_checkpoint()) as timeline,
                   pg_database_size(current_database()) as bytes, current_setting('server_encoding') as encoding,
                   (select rolsuper from pg_roles where rolname = current_user) as superuser
            """;

    /** The snapshot shows which file a table had; the function, which one it has now. */
    private static final String REWRITTEN =
            """
            select c.oid::regclass::text from pg_class c
            where c.relkind = 'r' and c.oid >= 16384 and pg_relation_filenode(c.oid) <> c.relfilenode
            order by 1
            """;

    private final Connection connection;
    private final Database db;
    private final String snapshot;
    private final Instant at;
    private final String encoding;
    private final boolean superuser;
    private final Manifest.DatabaseFacts facts;

    private SnapshotSession(Database db, Connection connection) throws SQLException {
        this.db = db;
        this.connection = connection;
        begin(connection);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SNAPSHOT)) {
            row.next();
            this.at = row.getObject("at", OffsetDateTime.class).toInstant();
            this.snapshot = row.getString("snapshot");
            this.encoding = row.getString("encoding");
            this.superuser = row.getBoolean("superuser");
            this.facts = facts(row);
        }
    }

    public static SnapshotSession open(Database db) {
        Connection connection = PgConnections.open(db);
        try {
            return new SnapshotSession(db, connection);
        } catch (SQLException e) {
            try (connection) {
                throw PgFailures.running(db, e);
            } catch (SQLException closing) {
                throw PgFailures.running(db, e);
            }
        }
    }

    private static void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // It lies idle for as long as the dump takes, and must.
            statement.execute("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;"
                    + " set lock_timeout = 0; set search_path = pg_catalog");
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
    }

    private Manifest.DatabaseFacts facts(ResultSet row) throws SQLException {
        int version = row.getInt("version_num");
        return new Manifest.DatabaseFacts(
                db.dbname(),
                row.getString("version"),
                version,
                row.getString("system_identifier"),
                row.getInt("timeline"),
                row.getString("lsn"),
                row.getLong("xmax"),
                row.getLong("bytes"),
                DatabaseSettingsReader.read(connection, version));
    }

    public String snapshot() {
        return snapshot;
    }

    public Instant at() {
        return at;
    }

    /** Of the server's database, e.g. {@code UTF8}. */
    public String encoding() {
        return encoding;
    }

    public boolean superuser() {
        return superuser;
    }

    public Manifest.DatabaseFacts facts() {
        return facts;
    }

    /**
     * Tables that got other files since the snapshot, by TRUNCATE or an ALTER TABLE that writes them anew. To the snapshot
     * they look empty (PostgreSQL manual, 13.6 "Caveats"), so what was dumped and measured of them may be wrong. Asked
     * when pg_dump is done, which keeps others from rewriting what it has begun with.
     */
    List<String> rewritten() {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(REWRITTEN)) {
            while (row.next()) {
                tables.add(row.getString(1));
            }
            return tables;
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // Read-only; the server ends it by itself.
        }
    }
}
