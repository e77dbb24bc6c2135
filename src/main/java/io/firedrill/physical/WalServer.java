package io.firedrill.physical;

import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.PgReplication;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The server's side of receiving WAL, asked in SQL; a session for each question. */
final class WalServer {
    private final Database db;
    private final String slot;

    WalServer(Database db, String slot) {
        this.db = db;
        this.slot = slot;
    }

    /**
     * {@code segmentBytes}: size of the server's WAL segments; {@code active}: another program receives; {@code lost}: the
     * server threw away what the slot still needed.
     */
    record Slot(String systemIdentifier, long segmentBytes, boolean active, boolean lost) {}

    private interface Question<T> {
        T ask(Statement statement) throws SQLException;
    }

    /** Makes the slot when there is none; from then on the server keeps what was not received. */
    Slot slot() {
        return ask(statement -> {
            statement.execute("select pg_create_physical_replication_slot('%1$s', true)"
                    .formatted(slot) + " where not exists (select from pg_replication_slots where slot_name = '" + slot + "')");
            try (ResultSet row = statement.executeQuery(
                    "select (select system_identifier::text from pg_control_system()),"
                            + " (select setting::bigint from pg_settings where name = 'wal_segment_size'), active,"
                            + " coalesce(wal_status = 'lost' or restart_lsn is null, false)"
                            + " from pg_replication_slots where slot_name = '" + slot + "'")) {
                row.next();
                return new Slot(row.getString(1), row.getLong(2), row.getBoolean(3), row.getBoolean(4));
            }
        });
    }

    void dropSlot() {
        ask(statement -> statement.execute("select pg_drop_replication_slot(slot_name) from pg_replication_slots"
                + " where not active and slot_name = '" + slot + "'"));
    }

    /**
     * Ends the segment being written, so that it can be archived, unless nothing was written since the position given.
     *
     * @return where the server then stands; on a standby, which cannot do this, the same position
     */
    String switchWal(String since) {
        return ask(statement -> {
            try (ResultSet row = statement.executeQuery("select pg_is_in_recovery()")) {
                row.next();
                if (row.getBoolean(1)) {
                    return since;
                }
            }
            return position(statement).equals(since) ? since : endSegment(statement);
        });
    }

    /**
     * Where the next segment begins. Asking for the position afterwards could take in what others, whom the switch held up,
     * wrote meanwhile: that would never be archived when nothing follows it.
     */
    private static String endSegment(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select pg_switch_wal()::text,"
                + " (select setting::bigint from pg_settings where name = 'wal_segment_size')")) {
            row.next();
            long bytes = row.getLong(2);
            return new Lsn(Math.ceilDiv(Lsn.parse(row.getString(1)).value(), bytes) * bytes).toString();
        }
    }

    private static String position(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select pg_current_wal_lsn()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    private <T> T ask(Question<T> question) {
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement()) {
            return question.ask(statement);
        } catch (SQLException e) {
            throw PgReplication.noSlot(db, PgFailures.message(e), PgFailures.state(e)).orElseGet(() -> PgFailures.running(db, e));
        }
    }
}
