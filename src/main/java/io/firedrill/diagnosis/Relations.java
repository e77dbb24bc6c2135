package io.firedrill.diagnosis;

import io.firedrill.diagnosis.server.Sign;
import io.firedrill.diagnosis.server.Signal;
import io.firedrill.proof.PgFailures;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether a database's tables and indexes have their files, and its indexes are sound. */
final class Relations {
    private static final int SHOWN = 20;
    private static final Set<String> BROKEN = Set.of("XX001", "XX002", "58P01", "58030");
    private static final String CANCELED = "57014";

    private final Connection connection;
    private final List<Signal> signals = new ArrayList<>();
    private final List<String> indexFiles = new ArrayList<>();

    Relations(Connection connection) {
        this.connection = connection;
    }

    /** As the server names them, quoted. */
    record Index(long oid, String name) {}

    /** For superusers and members of pg_read_server_files; others are told nothing. */
    List<Signal> missingFiles() throws SQLException {
        if (!may("pg_read_server_files")) {
            return List.of();
        }
        List<Signal> missing = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select format('%I.%I', n.nspname, c.relname), c.relkind, pg_relation_filepath(c.oid),
                          case when of.oid is null then '' else format('%I.%I', owner.nspname, of.relname) end
                        from pg_class c join pg_namespace n on n.oid = c.relnamespace
                          left join pg_class of on of.reltoastrelid = c.oid left join pg_namespace owner on owner.oid = of.relnamespace
                        where c.relkind in ('r', 'i', 't', 'm', 'S') and c.relpersistence = 'p' and pg_relation_filepath(c.oid) is not null
                          and (pg_stat_file(pg_relation_filepath(c.oid), true)).size is null limit 20""")) {
            while (row.next()) {
                boolean index = row.getString(2).equals("i");
                String table = row.getString(4).isEmpty() ? row.getString(1) : row.getString(4);
                if (index) {
                    indexFiles.add(row.getString(3));
                }
                missing.add(new Signal(index ? Sign.BROKEN_INDEX : Sign.MISSING_RELATION_FILE, true, table,
                        "Its file %s is gone from the disk.".formatted(row.getString(3)), index ? reindex(row.getString(1)) : null));
            }
        }
        return missing;
    }

    /** Whether a table could only not be counted because the planner looks at all its indexes, and this is about one without a file. */
    boolean onlyOfIndex(String message) {
        return indexFiles.stream().anyMatch(file -> message.contains('"' + file + '"'));
    }

    /** By the extension amcheck where the database has it; the smallest first, until the time is used up. */
    List<Signal> brokenIndexes(Duration time) throws SQLException {
        String schema = amcheck();
        if (schema.isEmpty()) {
            return List.of();
        }
        long end = System.nanoTime() + time.toNanos();
        for (Index index : indexes()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left < 50 || signals.size() >= SHOWN) {
                break;
            }
            check(schema, index, left);
        }
        return signals;
    }

    private void check(String schema, Index index, long millis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = " + millis);
            statement.execute("select %s.bt_index_check(%d)".formatted(schema, index.oid()));
        } catch (SQLException e) {
            String state = PgFailures.state(e);
            if (BROKEN.contains(state)) {
                signals.add(new Signal(Sign.BROKEN_INDEX, true, index.name(), "The index is broken: %s.".formatted(PgFailures.message(e)),
                        reindex(index.name())));
            } else if (!state.equals(CANCELED) && !state.startsWith("55") && !state.startsWith("42")) {
                throw e;
            }
        } finally {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set statement_timeout = '10s'");
            }
        }
    }

    private static String reindex(String index) {
        return "Build it anew, while the service goes on: REINDEX INDEX CONCURRENTLY %s;".formatted(index);
    }

    private String amcheck() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select quote_ident(n.nspname) from pg_extension e"
                        + " join pg_namespace n on n.oid = e.extnamespace where e.extname = 'amcheck'")) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private List<Index> indexes() throws SQLException {
        List<Index> indexes = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select c.oid, format('%I.%I', n.nspname, c.relname)
                        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am am on am.oid = c.relam
                          join pg_namespace n on n.oid = c.relnamespace
                        where am.amname = 'btree' and i.indisvalid and c.relpersistence = 'p' and c.relkind = 'i'
                        order by c.relpages, c.oid""")) {
            while (row.next()) {
                indexes.add(new Index(row.getLong(1), row.getString(2)));
            }
        }
        return indexes;
    }

    private boolean may(String role) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select pg_has_role(current_user, ?, 'usage')")) {
            statement.setString(1, role);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
