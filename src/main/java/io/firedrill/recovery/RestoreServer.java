package io.firedrill.recovery;

import io.firedrill.failure.FailureException;
import io.firedrill.physical.BackupManifest;
import io.firedrill.physical.BaseBackupRestore;
import io.firedrill.physical.BaseBackups;
import io.firedrill.physical.LeftWal;
import io.firedrill.physical.ServerRestore;
import io.firedrill.physical.WalName;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgFailures;
import io.firedrill.recovery.RestorePlan.ServerTarget;
import io.firedrill.store.Manifest;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.PgControlData;
import io.firedrill.tool.PgVerifyBackup;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Restores one whole server beside its damaged data directory, which is only read: base backup, WAL from the archive, and
 * what is left unarchived. It ends replayed, open on a private port, and closed to applications.
 */
final class RestoreServer {
    private final Database db;
    private final ServerTarget target;
    private final ServerFolders folders;
    private final BaseBackupRestore restore;
    private final Manifest base;
    private final Path spools;
    private final Progress progress;

    /** @param spools folder of received WAL on this host */
    RestoreServer(
            Database db, ServerTarget target, ServerFolders folders, BaseBackupRestore restore, Manifest base, Path spools,
            Progress progress) {
        this.db = db;
        this.target = target;
        this.folders = folders;
        this.restore = restore;
        this.base = base;
        this.spools = spools;
        this.progress = progress;
    }

    ServerRestored run() {
        long began = System.nanoTime();
        Path lockFile = folders.lock();
        try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
                FileLock lock = RestoreFiles.lock(file, folders.beside())) {
            folders.remove();
            Optional<Lsn> written = written();
            ServerRestore.Laid laid = restore.layOut(base, target.to().target(), folders.beside(), progress);
            verify(laid);
            copyLeftWal();
            own();
            Replay.Reached reached = replay();
            folders.write(new ServerFolders.Note(folders.mark(), reached.lsn().toString(), reached.newest(),
                    complete(written, reached.lsn()), false, (System.nanoTime() - began) / 1e9, null));
            Files.deleteIfExists(lockFile);
        } catch (IOException e) {
            throw folders.trouble(e);
        }
        ServerFolders.Note note = folders.requireNote();
        return new ServerRestored(
                target.server(), target.beside(), note.lsn(), note.newest(), note.complete(), note.seconds(), target.bytes());
    }

    private boolean latest() {
        return target.to().stop().equals(PointInTime.LATEST);
    }

    /** Where a server that still runs stands; it is fenced, so nothing that matters follows. */
    private Optional<Lsn> written() {
        if (!latest()) {
            return Optional.empty();
        }
        try (Server server = Server.open(db)) {
            Optional<Lsn> position = server.value("select pg_switch_wal()::text").map(Lsn::parse);
            BaseBackups.archiveWal(db);
            return position;
        } catch (FailureException e) {
            // It is down, or too damaged to say: what it left is read instead.
            return Optional.empty();
        }
    }

    /** What another tool laid out has no manifest; that tool verified it by its own checksums. */
    private void verify(ServerRestore.Laid laid) throws IOException {
        Path manifest = laid.folder().resolve("backup_manifest");
        if (!Files.exists(manifest)) {
            return;
        }
        progress.at("verifying the base backup", 0, 0, "files");
        Set<String> known = BackupManifest.read(Files.readAllBytes(manifest)).files().keySet();
        List<String> added = new ArrayList<>(List.of("tablespace_map"));
        for (String own : List.of("postgresql.conf", "pg_hba.conf", "pg_ident.conf")) {
            if (!known.contains(own)) {
                added.add(own);
            }
        }
        PgVerifyBackup.verify(laid.folder(), added);
    }

    /** PostgreSQL takes it from pg_wal where the archive ends. */
    private void copyLeftWal() {
        if (!latest()) {
            return;
        }
        LeftWal left = new LeftWal(segmentBytes());
        WalName first = new WalName(1, stop().segment(segmentBytes()), segmentBytes());
        Path into = folders.beside().resolve("pg_wal");
        left.copy(oldWal(), first, into);
        left.copy(received(), first, into);
    }

    private Path oldWal() {
        return folders.data().resolve("pg_wal");
    }

    private Path received() {
        return LeftWal.received(spools, new WalSource(base.service(), base.source()), system());
    }

    private String system() {
        return base.cluster() != null ? base.cluster().systemIdentifier()
                : Objects.requireNonNull(base.repository()).systemIdentifier();
    }

    private Lsn stop() {
        return Lsn.parse(base.cluster() != null ? base.cluster().stopLsn() : Objects.requireNonNull(base.repository()).stopLsn());
    }

    private long segmentBytes() {
        return base.cluster() == null ? 16L << 20 : base.cluster().walSegmentBytes();
    }

    /** Both folders are given away with their content: what was copied last belongs to who copied it. */
    private void own() throws IOException {
        if (LocalPostgres.root()) {
            for (Path folder : List.of(folders.beside(), folders.laidTablespaces(), folders.wal())) {
                if (Files.exists(folder)) {
                    Owner.give(folder, folders.user());
                }
            }
        }
    }

    private Replay.Reached replay() {
        PrivateServer server = new PrivateServer(folders, db);
        server.begin();
        progress.at("replaying WAL %s".formatted(target.to().words()), 0, 0, "steps");
        try (Connection connection = server.awaitOpen()) {
            Replay.Reached reached = Replay.requireStoppedAt(target.to(), connection);
            ServerFence.closeForChecks(server.database());
            return reached;
        } catch (SQLException e) {
            throw PgFailures.running(server.database(), e);
        }
    }

    /**
     * A server that ran said itself where it stood. What one that is down had written is known only from what it left: replay
     * went as far as its own crash recovery would have gone.
     */
    private boolean complete(Optional<Lsn> written, Lsn reached) {
        if (!latest()) {
            return false;
        }
        if (written.isPresent()) {
            return reached.compareTo(written.get()) >= 0;
        }
        boolean readToItsEnd = new LeftWal(segmentBytes()).covers(oldWal(), target.to().timeline(), reached);
        boolean sameServer = PgControlData.systemIdentifier(folders.data()).map(system()::equals).orElse(true);
        boolean pastCheckpoint = PgControlData.checkpoint(folders.data()).map(lsn -> reached.compareTo(lsn) >= 0).orElse(true);
        return readToItsEnd && sameServer && pastCheckpoint;
    }
}
