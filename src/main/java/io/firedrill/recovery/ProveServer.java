package io.firedrill.recovery;

import io.firedrill.diagnosis.ServiceChecks;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.DatabaseContents.TableContent;
import io.firedrill.proof.Measure;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.RestorePlan.ServerTarget;
import io.firedrill.tool.Progress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks through a restored server before it takes the damaged one's place: every row of every database is read, every B-tree
 * index is checked (amcheck), what the damage took must be back, and the plan's SQL checks must pass. Leaves it stopped.
 */
final class ProveServer {
    private static final String INDEXES = "select c.oid::bigint, c.oid::regclass::text from pg_class c join pg_am a on a.oid = c.relam"
            + " join pg_index i on i.indexrelid = c.oid where a.amname = 'btree' and c.relkind = 'i' and i.indisvalid"
            + " and c.relpersistence <> 't' order by 2";

    private final Service service;
    private final ServerTarget target;
    private final ServerFolders folders;
    private final Progress progress;
    private final List<String> differences = new ArrayList<>();
    private final List<TableContent> ofService = new ArrayList<>();
    private long tables;
    private long rows;

    ProveServer(Service service, ServerTarget target, ServerFolders folders, Progress progress) {
        this.service = service;
        this.target = target;
        this.folders = folders;
        this.progress = progress;
    }

    /** Never fails for what it finds: that is a difference. */
    Proof run() {
        ServerFolders.Note note = folders.requireNote();
        PrivateServer server = new PrivateServer(folders, service.database(target.server()));
        server.open();
        try {
            for (String name : databases(server.database())) {
                read(server.database().onDatabase(name));
            }
            target.to().stillMissing(ofService).ifPresent(differences::add);
            check(server.database());
        } finally {
            server.finish();
        }
        folders.write(note.proven(differences.isEmpty()));
        return new Proof(differences.isEmpty(), tables, rows, 0, target.bytes(), List.copyOf(differences));
    }

    private static List<String> databases(Database restored) {
        try (Server server = Server.open(restored)) {
            return server.column("select datname from pg_database where datallowconn and not datistemplate order by 1");
        }
    }

    private void read(Database db) {
        try {
            DatabaseContents contents = Measure.database(db, null, Proving.SESSIONS,
                    (what, done, total, unit) -> progress.at("reading %s of %s".formatted(what, db.dbname()), done, total, unit));
            tables += contents.tables().size();
            rows += contents.rows();
            boolean own = service.databases().values().stream().anyMatch(planned ->
                    target.databases().contains(planned.name()) && planned.dbname().equals(db.dbname()));
            if (own) {
                ofService.addAll(contents.tables());
            }
            indexes(db);
        } catch (FailureException e) {
            if (e.passing()) {
                throw e;
            }
            differences.add("%s cannot be read: %s".formatted(db.dbname(), e.failure().what()));
        }
    }

    /** The extension comes and goes within the transaction. */
    private void indexes(Database db) {
        progress.at("checking the indexes of " + db.dbname(), 0, 0, "indexes");
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (!amcheck(statement)) {
                return;
            }
            Map<Long, String> indexes = new LinkedHashMap<>();
            try (ResultSet row = statement.executeQuery(INDEXES)) {
                while (row.next()) {
                    indexes.put(row.getLong(1), row.getString(2));
                }
            }
            for (Map.Entry<Long, String> index : indexes.entrySet()) {
                if (!sound(db, statement, index)) {
                    break;
                }
            }
            connection.rollback();
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    private static boolean amcheck(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select 1 from pg_available_extensions where name = 'amcheck'")) {
            if (!row.next()) {
                return false;
            }
        }
        statement.execute("set transaction read write");
        statement.execute("create schema if not exists firedrill_amcheck");
        statement.execute("create extension if not exists amcheck schema firedrill_amcheck");
        return true;
    }

    private boolean sound(Database db, Statement statement, Map.Entry<Long, String> index) {
        try {
            String schema = schema(statement);
            statement.execute("select %s.bt_index_check(%d::oid::regclass)".formatted(schema, index.getKey()));
            return true;
        } catch (SQLException e) {
            differences.add("index %s of %s: %s".formatted(index.getValue(), db.dbname(), PgFailures.message(e)));
            return false;
        }
    }

    /** Where it was put by somebody before, or by us. */
    private static String schema(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(
                "select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace where extname = 'amcheck'")) {
            row.next();
            return row.getString(1);
        }
    }

    private void check(Database restored) {
        Map<String, Database> databases = new LinkedHashMap<>();
        target.databases().forEach(name -> databases.put(name, restored.onDatabase(service.database(name).dbname())));
        new ServiceChecks(service).runOn(databases).stream()
                .filter(outcome -> !outcome.passed())
                .forEach(outcome -> differences.add("the check '%s' fails: %s".formatted(outcome.name(), outcome.detail())));
    }
}
