package io.firedrill.backup;

import static org.awaitility.Awaitility.await;

import io.firedrill.failure.FailureException;
import io.firedrill.physical.ServerRestore;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Progress;
import io.firedrill.tool.RecoveryTarget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A server whose base backups are taken into a folder store, and brought back as servers of their own. */
public final class PhysicalScene implements AutoCloseable {
    private final Database db;
    private final BackupFixture fixture;
    private Instant next = Clock.systemUTC().instant();

    public PhysicalScene(Path folder, Database db) {
        this.db = db;
        this.fixture = new BackupFixture(folder, List.of(db), List.of(), List.of(), Clock.systemUTC(), BackupFixture.local(folder));
    }

    public Database db() {
        return db;
    }

    public Stores stores() {
        return fixture.stores;
    }

    public Store store() {
        return fixture.stores.primary();
    }

    public Keys keys() {
        return fixture.keys;
    }

    public Path keyFile() {
        return fixture.keyFile;
    }

    public Manifest take() {
        Manifest taken = takeUnchecked();
        fixture.backups.check(taken.id(), "local", Progress.NONE);
        return taken;
    }

    /** The next one does not build upon it. */
    public Manifest takeUnchecked() {
        next = next.plusSeconds(1);
        BackupId id = BackupId.of("shop", db.name(), "physical", next);
        fixture.backups.baseBackup("shop", db.name(), id, Progress.NONE);
        return Manifests.read(store(), id);
    }

    public void remove(Manifest manifest) {
        Manifests.delete(store(), manifest);
    }

    /** Lays the backup out, lets PostgreSQL replay and open, asks it one thing and removes it. */
    public String restored(Manifest base, RecoveryTarget target, String dbname, String sql) {
        try {
            Path folder = Files.createTempDirectory("firedrill-test-restored");
            LocalPostgres.own(folder);
            LocalPostgres server = new LocalPostgres(folder, Ports.free());
            try {
                new ServerRestore(store(), keys()).layOut(base, target, server.data(), Progress.NONE);
                return ask(server, dbname, sql);
            } finally {
                emptyFolder(folder);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the server, which must have data, asks and stops it. */
    public String ask(LocalPostgres server, String dbname, String sql) throws IOException {
        server.configure(Map.of("fsync", "off", "max_connections", "60", "max_prepared_transactions", "5"));
        server.start();
        Database restored = new Database("restored", "127.0.0.1", server.port(), db.user(), dbname, Map.of(), db.passwordFile());
        try (Connection connection = await().atMost(Duration.ofMinutes(2))
                        .ignoreExceptionsMatching(e -> e instanceof FailureException f && f.failure().code().equals("server-starting"))
                        .until(() -> PgConnections.open(restored), open -> true);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        } finally {
            server.stop();
        }
    }


    public void emptyFolder(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).filter(path -> !path.equals(folder)).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() {
        fixture.close();
    }
}
