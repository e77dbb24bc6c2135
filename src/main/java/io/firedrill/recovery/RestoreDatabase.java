package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.proof.Inventory;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifest.DatabaseFacts;
import io.firedrill.tool.PgRestore;
import io.firedrill.tool.Progress;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

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
    private final Shelf shelf;
    private final Progress progress;

    RestoreDatabase(Database db, DatabaseTarget target, Shelf shelf, Progress progress) {
        this.db = db;
        this.target = target;
        this.shelf = shelf;
        this.progress = progress;
        Names.requireBeside(target.beside());
    }

    Recovery.RestoredDatabase run() {
        long began = System.nanoTime();
        DatabaseFacts facts = Objects.requireNonNull(shelf.manifest().database(), "a logical backup has facts of its database");
        Inventory inventory = shelf.inventory();
        try (Server server = Server.open(db)) {
            lock(server);
            new BesideDatabase(server, target.beside()).drop();
            MissingRoles.create(server, inventory.lines("roles"), shelf);
            BesideDatabase beside = new BesideDatabase(server, target.beside());
            beside.create(facts.settings());
            dropWhatTheSourceLacks(inventory);
            load();
            analyze();
            beside.finish(facts.settings(), target.backup());
        }
        return new Recovery.RestoredDatabase(
                target.database(), target.beside(), (System.nanoTime() - began) / 1e9, shelf.need("dump").plainBytes());
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

    private void load() {
        Manifest.Part dump = shelf.need("dump");
        Map<String, String> parameters = new HashMap<>(db.parameters());
        parameters.merge("options", FASTER, (own, faster) -> own + " " + faster);
        Database into = new Database(
                db.name(), db.host(), db.port(), db.user(), target.beside(), parameters, db.passwordFile());
        PgRestore.restore(
                into,
                stdin -> {
                    try (InputStream in = shelf.read(dump)) {
                        in.transferTo(stdin);
                    }
                },
                dump.plainBytes(),
                (what, done, total, unit) -> progress.at("restoring " + target.dbname(), done, total, unit));
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
