package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.BaseBackupRestore;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgFailures;
import io.firedrill.store.Manifest;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/**
 * A whole server brought back to a moment, on this host and 127.0.0.1 alone, for as long as one database is taken out of
 * it. It lives in one folder; whoever opens it there first removes what a killed process left, running or not.
 *
 * <p>It must do nothing that its original did: no subscription may draw changes from a publisher, no scheduled job may run,
 * no archive may be written. It holds nothing that cannot be made again, so it does not wait for the disk.
 */
final class ScratchServer implements AutoCloseable {
    private final Path folder;
    private final LocalPostgres server;
    private final Database planned;

    private ScratchServer(Path folder, LocalPostgres server, Database planned) {
        this.folder = folder;
        this.server = server;
        this.planned = planned;
    }

    /**
     * Returns when it has reached the moment and takes sessions.
     *
     * @param folder made; its name is a restored copy's
     * @param planned the live database, whose user and password the scratch server knows, too
     * @throws FailureException what {@link BaseBackupRestore} fails with; lasting {@code recovery-failed} with the server's own
     *     words; lasting {@code stopped-elsewhere}
     */
    static ScratchServer open(
            Path folder, BaseBackupRestore restore, Manifest base, PointInTime to, Database planned, Progress progress) {
        remove(folder);
        try {
            Files.createDirectories(folder);
            LocalPostgres.own(folder);
            LocalPostgres server = new LocalPostgres(folder, Ports.free());
            restore.layOut(base, to.target(), server.data(), progress);
            ScratchServer scratch = new ScratchServer(folder, server, planned);
            scratch.start(to, progress);
            return scratch;
        } catch (IOException e) {
            remove(folder);
            throw unusable(folder, e);
        } catch (RuntimeException e) {
            remove(folder);
            throw e;
        }
    }

    private void start(PointInTime to, Progress progress) throws IOException {
        keepToItself();
        server.begin();
        progress.at("replaying WAL to " + to.words(), 0, 0, "steps");
        try (Connection connection = Replay.awaitOpen(database(), server::running, server.log())) {
            Replay.requireStoppedAt(to, connection);
        } catch (SQLException e) {
            throw PgFailures.running(database(), e);
        }
    }

    /** Last in the file that the server reads last, so it wins over whatever the original was told. */
    private void keepToItself() throws IOException {
        Map<String, String> settings = KeptApart.settings(server.port());
        settings.put("hba_file", server.data().resolve("pg_hba.conf").toString());
        settings.put("ident_file", server.data().resolve("pg_ident.conf").toString());
        settings.put("fsync", "off");
        settings.put("full_page_writes", "off");
        StringBuilder text = new StringBuilder("\n# Written by Firedrill: this server is a copy and keeps to itself.\n");
        settings.forEach((name, value) ->
                text.append(name).append(" = '").append(value.replace("'", "''")).append("'\n"));
        Files.writeString(server.data().resolve("postgresql.auto.conf"), text, StandardOpenOption.APPEND);
        Files.writeString(server.data().resolve("pg_hba.conf"), KeptApart.ACCESS);
    }

    /** The database as it was, by the user and password of the plan. */
    Database database() {
        return KeptApart.database(planned, server.port());
    }

    @Override
    public void close() {
        remove(folder);
    }

    /** Stops the server, whoever started it, and removes everything; nothing there is fine. */
    static void remove(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try {
            new LocalPostgres(folder, 0).stop();
            FolderRemoval.remove(folder);
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private static FailureException unusable(Path folder, IOException e) {
        return new Failure("scratch-unusable", "The scratch server's folder %s cannot be used: %s.".formatted(folder, e),
                        "The damaged original is as it was.", "Let the user that runs Firedrill write there, then try again.")
                .lasting(e);
    }
}
