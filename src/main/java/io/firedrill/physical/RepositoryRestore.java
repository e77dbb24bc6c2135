package io.firedrill.physical;

import io.firedrill.failure.Failure;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifest.RepositoryFacts;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.PhysicalTool;
import io.firedrill.tool.Progress;
import io.firedrill.tool.RecoveryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Lays out a base backup that another tool keeps. The tool itself does it, and its own {@code restore_command} brings the WAL
 * when the server starts: a moment that its WAL does not reach is found only then, by PostgreSQL.
 */
final class RepositoryRestore implements BaseBackupRestore {
    private final PhysicalTool tool;

    RepositoryRestore(PhysicalTool tool) {
        this.tool = tool;
    }

    @Override
    public ServerRestore.Laid layOut(Manifest base, RecoveryTarget target, Path folder, Progress progress) {
        RepositoryFacts facts = Objects.requireNonNull(base.repository(), "a backup in a repository");
        requireReached(base, facts, target);
        Path data = folder.toAbsolutePath();
        ServerRestore.Laid laid = new ServerRestore.Laid(
                data, LaidFolders.beside(data, ".wal"), LaidFolders.beside(data, ".tablespaces"), null, 0);
        List<Path> all = List.of(data, laid.wal(), laid.tablespaces());
        all.forEach(LaidFolders::requireAbsent);
        try {
            Files.createDirectories(Objects.requireNonNull(data.getParent()));
            LaidFolders.own(List.of(LaidFolders.make(data), LaidFolders.make(laid.tablespaces())), tool.user());
            progress.at(tool.name(), 0, facts.bytes(), "bytes");
            tool.restore(facts.label(), data, laid.tablespaces(), target);
            progress.at(tool.name(), facts.bytes(), facts.bytes(), "bytes");
            configure(data);
            LaidFolders.removeEmpty(laid.tablespaces());
            LaidFolders.own(List.of(data, laid.tablespaces()), "postgres");
            return laid;
        } catch (IOException e) {
            all.forEach(LaidFolders::remove);
            throw LaidFolders.diskTrouble(folder, e);
        } catch (RuntimeException e) {
            all.forEach(LaidFolders::remove);
            throw e;
        }
    }

    private static void requireReached(Manifest base, RepositoryFacts facts, RecoveryTarget target) {
        Instant from = facts.stoppedAt();
        Lsn fromLsn = Lsn.parse(facts.stopLsn());
        boolean before = switch (target) {
            case RecoveryTarget.Time time -> time.at().isBefore(from);
            case RecoveryTarget.Before position -> position.lsn().compareTo(fromLsn) < 0;
            case RecoveryTarget.Through position -> position.lsn().compareTo(fromLsn) < 0;
            // Where these lie, only the replay tells.
            case RecoveryTarget.BeforeTransaction transaction -> false;
            case RecoveryTarget.Named named -> false;
            case RecoveryTarget.Latest all -> false;
            case RecoveryTarget.Immediate alone -> false;
        };
        if (before) {
            throw new Failure(
                            "moment-not-recoverable",
                            "From %s, nothing before %s (%s) can be reached: then it was taken.".formatted(base.id(), from, fromLsn),
                            "Nothing was laid out.",
                            "Choose a later moment, or an older base backup.")
                    .lasting();
        }
    }

    /** The tools leave the server's own settings in it: a copy must neither archive nor follow anybody. */
    private static void configure(Path data) throws IOException {
        LaidFolders.settings(data, """

                # Written by Firedrill: stay apart from the server this was copied from.
                hot_standby = 'off'
                archive_mode = 'off'
                primary_conninfo = ''
                primary_slot_name = ''
                """);
        LaidFolders.missingConfiguration(data);
    }
}
