package io.firedrill.diagnosis.server;

import io.firedrill.tool.Words;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server that takes sessions says of itself; PostgreSQL 12 and newer. */
final class LiveServer {
    /** WAL that a standby may not have replayed yet before it counts as behind. */
    private static final long BEHIND = 256L << 20;

    /** Replication slots of continuous WAL archiving, whose own watch tells when they stop. */
    private static final String OWN_SLOTS = "firedrill\\_%";

    private final Connection connection;
    private final String server;
    private final List<Signal> signals = new ArrayList<>();

    LiveServer(Connection connection, String server) throws SQLException {
        this.connection = connection;
        this.server = server;
        try (Statement statement = connection.createStatement()) {
            statement.execute("set default_transaction_read_only = on");
            statement.execute("set statement_timeout = '5s'");
        }
    }

    List<Signal> look() throws SQLException {
        sessions();
        blockers();
        slots();
        standbys();
        archiver();
        return signals;
    }

    private void sessions() throws SQLException {
        rows("""
                select count(*), count(*) filter (where state = 'idle'),
                  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()""", row -> {
            if (row.getLong(1) >= row.getLong(3)) {
                signals.add(Signal.damage(Sign.TOO_MANY_CONNECTIONS, server,
                        "All %d sessions that applications may have are taken; %d of them are idle.".formatted(row.getLong(3), row.getLong(2)),
                        endIdleSessions()));
            }
        });
    }

    static String endIdleSessions() {
        return "End idle sessions: select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle'"
                + " and backend_type = 'client backend' and pid <> pg_backend_pid(); then look why they were not given back.";
    }

    /** Those who hold what others wait for, and wait for nobody themselves. */
    private void blockers() throws SQLException {
        rows("""
                select holder.pid, holder.usename, holder.application_name, holder.state, count(*),
                  max(extract(epoch from clock_timestamp() - waiting.query_start))::bigint
                from pg_stat_activity waiting
                  cross join lateral unnest(pg_blocking_pids(waiting.pid)) as by(pid)
                  join pg_stat_activity holder on holder.pid = by.pid
                where waiting.wait_event_type = 'Lock' and waiting.query_start < clock_timestamp() - interval '5 s'
                  and holder.wait_event_type is distinct from 'Lock'
                group by 1, 2, 3, 4 order by 5 desc limit 3""", row -> signals.add(Signal.warning(Sign.BLOCKED, server,
                "%d sessions wait, the longest for %d s, for session %d of %s%s, which is %s.".formatted(
                        row.getLong(5), row.getLong(6), row.getLong(1), row.getString(2),
                        row.getString(3).isEmpty() ? "" : " (" + row.getString(3) + ")", row.getString(4)),
                "Let session %d finish, or end it: select pg_terminate_backend(%d);".formatted(row.getLong(1), row.getLong(1)))));
    }

    private void slots() throws SQLException {
        boolean tellsLost = connection.getMetaData().getDatabaseMajorVersion() >= 13;
        rows("select slot_name, active, " + (tellsLost ? "wal_status" : "'reserved'") + ", pg_wal_lsn_diff("
                + "case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn)::bigint"
                + " from pg_replication_slots where slot_type = 'physical' and not temporary and slot_name not like '" + OWN_SLOTS + "'"
                + " order by 1", row -> {
            String slot = row.getString(1);
            if ("lost".equals(row.getString(3))) {
                signals.add(Signal.warning(Sign.STANDBY_LOST, server,
                        "The WAL that the standby at slot %s needs has been removed: it can never catch up.".formatted(slot),
                        "Build the standby of slot %s anew from this server (pg_basebackup); the service itself has lost nothing."
                                .formatted(slot)));
            } else if (!row.getBoolean(2)) {
                signals.add(Signal.warning(Sign.STANDBY_STOPPED, server,
                        "No standby fetches from slot %s; the server keeps %s of WAL for it.".formatted(
                                slot, Words.bytes(Math.max(0, row.getLong(4)))),
                        "Start the standby of slot %s; if it is gone for good, drop the slot before the WAL fills the disk."
                                .formatted(slot)));
            }
        });
    }

    private void standbys() throws SQLException {
        rows("""
                select application_name, client_addr, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint
                from pg_stat_replication
                where not pg_is_in_recovery() and replay_lsn is not null""", row -> {
            if (row.getLong(3) > BEHIND) {
                signals.add(Signal.warning(Sign.STANDBY_BEHIND, server,
                        "The standby %s at %s is %s of WAL behind.".formatted(row.getString(1), row.getString(2), Words.bytes(row.getLong(3))),
                        "Look whether its replay is paused or its disk or network is slow: select pg_is_wal_replay_paused();"));
            }
        });
    }

    private void archiver() throws SQLException {
        rows("""
                select last_failed_wal, last_failed_time, failed_count from pg_stat_archiver
                where current_setting('archive_mode') <> 'off' and last_failed_time > coalesce(last_archived_time, '-infinity')""",
                row -> signals.add(Signal.warning(Sign.ARCHIVING_FAILED, server,
                        "archive_command has failed since %s (WAL file %s, %d times in all); WAL piles up until the disk is full."
                                .formatted(row.getString(2), row.getString(1), row.getLong(3)),
                        "Mend archive_command or its target; what is not archived cannot be recovered to. Then take a base backup.")));
    }

    /** Where it writes, by what; empty unless we may know. */
    Map<String, Path> places() throws SQLException {
        Map<String, Path> places = new LinkedHashMap<>();
        String data = text("select current_setting('data_directory', true)");
        if (data != null) {
            places.put("data", Path.of(data));
            places.put("WAL", Path.of(data, "pg_wal"));
            rows("select spcname, pg_tablespace_location(oid) from pg_tablespace where pg_tablespace_location(oid) <> ''",
                    row -> places.put("tablespace " + row.getString(1), Path.of(row.getString(2))));
        }
        return places;
    }

    /** The end of the log that the server's own collector writes; empty when it has none or does not let us. */
    Optional<List<String>> log() {
        try {
            String file = text("select pg_current_logfile()");
            if (file == null) {
                return Optional.empty();
            }
            try (PreparedStatement statement = connection.prepareStatement(
                    "select pg_read_binary_file(?, greatest(0, size - ?), ?) from pg_stat_file(?)")) {
                statement.setString(1, file);
                statement.setInt(2, ServerLog.TAIL);
                statement.setInt(3, ServerLog.TAIL);
                statement.setString(4, file);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(ServerLog.lines(row.getBytes(1))) : Optional.empty();
                }
            }
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private @Nullable String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    @FunctionalInterface
    private interface Each {
        void of(ResultSet row) throws SQLException;
    }

    private void rows(String sql, Each each) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                each.of(row);
            }
        }
    }
}
