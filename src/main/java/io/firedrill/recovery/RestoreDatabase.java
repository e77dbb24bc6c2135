package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.proof.ArchiveHead;
import io.firedrill.proof.Inventory;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.tool.PgRestore;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Restores one database beside the damaged one, which it never opens. The restored one is noted as whole only at the very
 * end, so that one half restored is never cut over to.
 */
final class RestoreDatabase {
    /** For this session alone: what a crash could lose is restored again anyway. */
    private static final String FASTER = "-c synchronous_commit=off -c maintenance_work_mem=512MB -c statement_timeout=0"
            + " -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c max_parallel_maintenance_workers=2";

    private final Database db;
    private final DatabaseTarget target;
    private final Supplier<DumpSource> opening;
    private final Progress progress;

    /** @param opening opens what it is restored from, once nobody else restores the same */
    RestoreDatabase(Database db, DatabaseTarget target, Supplier<DumpSource> opening, Progress progress) {
        this.db = db;
        this.target = target;
        this.opening = opening;
        this.progress = progress;
        Names.requireBeside(target.beside());
    }

    Recovery.RestoredDatabase run() {
        long began = System.nanoTime();
        try (Server server = Server.open(db)) {
            lock(server);
            try (DumpSource source = opening.get()) {
                restore(server, source);
                return new Recovery.RestoredDatabase(
                        target.database(), target.beside(), (System.nanoTime() - began) / 1e9, source.dumpBytes());
            }
        }
    }

    private void restore(Server server, DumpSource source) {
        BesideDatabase beside = new BesideDatabase(server, target.beside());
        beside.drop();
        MissingRoles.create(server, source);
        beside.create(source.facts().settings());
        dropWhatTheSourceLacks(source.inventory());
        load(source, jobs(server, source));
        analyze();
        beside.finish(source.facts().settings(), target.mark(), source.notes());
    }

    /** Held while the session lives: it goes with this process, however that ends. */
    private void lock(Server server) {
        if (server.value("select 1 where pg_try_advisory_lock(hashtextextended(?, 0))", "firedrill " + target.beside()).isEmpty()) {
            throw new Failure(
                            "restore-already-running",
                            "%s is being restored by another worker.".formatted(target.beside()),
                            "Nothing is wrong with the data; two must not do the same work at once.",
                            "Wait until it is done or its host is known to be dead; it is tried again.")
                    .passing();
        }
    }

    /** Every new database has the schema public; a dump of one that has not does not say so. */
    private void dropWhatTheSourceLacks(Inventory inventory) {
        if (!inventory.lines("schemas").contains("public")) {
            inBeside("drop schema public");
        }
        if (inventory.lines("extensions").stream().noneMatch(line -> line.startsWith("plpgsql "))) {
            inBeside("drop extension plpgsql");
        }
    }

    private void load(DumpSource source, int jobs) {
        Map<String, String> parameters = new HashMap<>(db.parameters());
        parameters.merge("options", FASTER, (own, faster) -> own + " " + faster);
        // The damaged one is fenced and tells nobody where its server is now.
        Database now = PgConnections.at(db.onDatabase(target.beside()));
        Database into = new Database(
                db.name(), now.host(), now.port(), db.user(), target.beside(), parameters, db.passwordFile());
        try (ArchiveHead head = ArchiveHead.listening()) {
            PgRestore.restoreData(
                    into,
                    out -> source.dump(head.before(out)),
                    source.dumpBytes(),
                    (what, done, total, unit) -> progress.at("restoring " + target.dbname(), done, total, unit));
            progress.at("building indexes of " + target.dbname(), 0, 0, "indexes");
            Optional<byte[]> whole = head.await();
            if (whole.isPresent()) {
                finish(into, whole.get(), jobs);
            } else {
                PgRestore.finish(into, source::dump);
            }
        }
    }

    /** The file is readable by this user alone: definitions can hold passwords. */
    private static void finish(Database into, byte[] head, int jobs) {
        try {
            Path file = Files.createTempFile("firedrill-head", ".dump");
            try {
                Files.write(file, head);
                PgRestore.finish(into, file, jobs);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As many as there are processors here, unless the database lets in fewer: a superuser is always let in. */
    private static int jobs(Server server, DumpSource source) {
        int limit = source.facts().settings().connectionLimit();
        int many = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 8);
        // One session of pg_restore's own stays open beside the workers'.
        return server.superuser() || limit < 0 ? many : Math.clamp(limit - 1, 1, many);
    }

    /** The dump has no planner statistics, and the first query after the cut-over wants them. */
    private void analyze() {
        progress.at("analyzing " + target.dbname(), 0, 0, "rows");
        inBeside("analyze");
    }

    private void inBeside(String sql) {
        Database beside = db.onDatabase(target.beside());
        try (Connection connection = PgConnections.open(beside);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw PgFailures.running(beside, e);
        }
    }
}
