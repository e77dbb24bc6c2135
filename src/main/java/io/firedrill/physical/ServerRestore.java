package io.firedrill.physical;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.SealedReader;
import io.firedrill.store.Store;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.Progress;
import io.firedrill.tool.RecoveryTarget;
import io.firedrill.tool.Tar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lays a base backup and the WAL up to a target into a new folder, ready to be started: PostgreSQL itself then replays to
 * the target and opens for writing on a new timeline; before that it takes no sessions ({@code server-starting}). Archives and WAL are
 * streamed out of the store; beside the data folder lie {@code FOLDER.wal} (to be removed once the server is open) and
 * {@code FOLDER.tablespaces}. When it fails, all three are removed again.
 */
public final class ServerRestore implements BaseBackupRestore {
    private final Store store;
    private final Keys keys;

    public ServerRestore(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    /**
     * What was laid out.
     *
     * @param range where the target lies; null for a base backup alone
     * @param walSegments how many segments will be replayed
     */
    public record Laid(Path folder, Path wal, Path tablespaces, @Nullable RecoverableRange range, int walSegments) {}

    @Override
    public Laid layOut(Manifest base, RecoveryTarget target, Path folder, Progress progress) {
        Laid laid = plan(base, target, folder.toAbsolutePath());
        List<Path> all = List.of(laid.folder(), laid.wal(), laid.tablespaces());
        all.forEach(LaidFolders::requireAbsent);
        try {
            unpack(base, laid, progress);
            List<WalObject> wal = laid.range() == null ? List.of() : needed(laid.range(), target);
            fetch(wal, laid.wal(), progress);
            configure(laid, target);
            LaidFolders.own(all, "postgres");
            return new Laid(laid.folder(), laid.wal(), laid.tablespaces(), laid.range(), (int) wal.stream().filter(w -> !w.history()).count());
        } catch (IOException e) {
            all.forEach(LaidFolders::remove);
            throw LaidFolders.diskTrouble(folder, e);
        } catch (RuntimeException e) {
            all.forEach(LaidFolders::remove);
            throw e;
        }
    }

    private Laid plan(Manifest base, RecoveryTarget target, Path folder) {
        RecoverableRange range = target instanceof RecoveryTarget.Immediate ? null : range(base, target);
        return new Laid(folder, LaidFolders.beside(folder, ".wal"), LaidFolders.beside(folder, ".tablespaces"), range, 0);
    }

    /** Of several timelines that reach the target the newest: the one that the server last was on. */
    private RecoverableRange range(Manifest base, RecoveryTarget target) {
        List<RecoverableRange> ranges =
                RecoverableRanges.of(store, keys, new WalSource(base.service(), base.source()), List.of(base));
        return ranges.stream()
                .filter(range -> reaches(range, target))
                .max(Comparator.comparingInt(RecoverableRange::timeline))
                .orElseThrow(() -> notRecoverable(base, target, ranges));
    }

    private static boolean reaches(RecoverableRange range, RecoveryTarget target) {
        return switch (target) {
            case RecoveryTarget.Time time -> range.reaches(time.at());
            case RecoveryTarget.Before before -> range.reaches(before.lsn());
            case RecoveryTarget.Through through -> range.reaches(through.lsn());
            // Where these lie, only the replay tells; one that is not there ends it with a failure.
            case RecoveryTarget.BeforeTransaction before -> true;
            case RecoveryTarget.Named named -> true;
            case RecoveryTarget.Latest all -> true;
            case RecoveryTarget.Immediate alone -> true;
        };
    }

    private static FailureException notRecoverable(Manifest base, RecoveryTarget target, List<RecoverableRange> ranges) {
        String reached = ranges.stream()
                .map(range -> "%s to %s (%s to %s) on timeline %d".formatted(
                        range.from(), range.to(), range.fromLsn(), range.toLsn(), range.timeline()))
                .reduce((a, b) -> a + ", and " + b)
                .orElse("nothing");
        String asked = switch (target) {
            case RecoveryTarget.Time time -> time.at().toString();
            case RecoveryTarget.Before before -> before.lsn().toString();
            case RecoveryTarget.Through through -> through.lsn().toString();
            default -> "the latest moment";
        };
        return new Failure(
                        "moment-not-recoverable",
                        "From %s, %s cannot be reached: with the WAL there is it reaches %s.".formatted(base.id(), asked, reached),
                        "Nothing was laid out.",
                        "Choose a moment in that range, another base backup, or 'latest'.")
                .lasting();
    }

    /** Without what lies wholly after the target. */
    private static List<WalObject> needed(RecoverableRange range, RecoveryTarget target) {
        List<WalObject> needed = new ArrayList<>();
        for (WalObject object : range.wal()) {
            needed.add(object);
            boolean past = switch (target) {
                case RecoveryTarget.Time time -> object.newest().filter(at -> at.isAfter(time.at())).isPresent();
                case RecoveryTarget.Before before -> past(object, before.lsn(), range);
                case RecoveryTarget.Through through -> past(object, through.lsn(), range);
                default -> false;
            };
            if (past) {
                break;
            }
        }
        return needed;
    }

    /** A record that begins in this segment may end in the next, so one more is taken. */
    private static boolean past(WalObject object, Lsn lsn, RecoverableRange range) {
        return WalName.parse(object.name(), segmentBytes(range))
                .filter(name -> name.start().compareTo(lsn) > 0 && name.timeline() == range.timeline())
                .isPresent();
    }

    private static long segmentBytes(RecoverableRange range) {
        return Objects.requireNonNull(range.base().cluster()).walSegmentBytes();
    }

    private void unpack(Manifest base, Laid laid, Progress progress) throws IOException {
        Files.createDirectories(Objects.requireNonNull(laid.folder().getParent()));
        LaidFolders.make(laid.folder());
        List<Manifest> chain = new ArrayList<>(base.needs().stream().map(id -> Manifests.read(store, id)).toList());
        chain.add(base);
        for (Manifest one : chain) {
            archives(one, laid, progress);
        }
        byte[] text = manifest(base);
        if (chain.size() > 1) {
            var listed = BackupManifest.read(text).files();
            Pieces.join(laid.folder(), "", listed);
            for (Manifest.Tablespace space : facts(base).tablespaces()) {
                Pieces.join(laid.tablespaces().resolve(String.valueOf(space.oid())), "pg_tblspc/%d/".formatted(space.oid()), listed);
            }
        }
        for (Manifest.Tablespace space : facts(base).tablespaces()) {
            link(space, laid);
        }
        Files.write(laid.folder().resolve("backup_manifest"), text);
    }

    private static Manifest.ClusterFacts facts(Manifest base) {
        return Objects.requireNonNull(base.cluster(), "a physical backup");
    }

    /** One after the other into the same folders: a newer backup over the one it builds upon. */
    private void archives(Manifest one, Laid laid, Progress progress) throws IOException {
        if (!one.needs().isEmpty()) {
            Pieces.removeWal(laid.folder());
        }
        for (Manifest.Part part : one.parts()) {
            if (part.role().equals("base")) {
                unpack(part, laid.folder(), progress);
            }
        }
        for (Manifest.Tablespace space : facts(one).tablespaces()) {
            Path folder = laid.tablespaces().resolve(String.valueOf(space.oid()));
            if (!Files.exists(folder)) {
                LaidFolders.make(folder);
            }
            for (Manifest.Part part : one.parts()) {
                if (part.role().equals("tablespace-" + space.oid())) {
                    unpack(part, folder, progress);
                }
            }
        }
    }

    private byte[] manifest(Manifest base) throws IOException {
        Manifest.Part part = base.parts().stream().filter(one -> one.role().equals("backup-manifest")).findFirst().orElseThrow();
        try (InputStream in = SealedReader.open(store, part, keys)) {
            return in.readAllBytes();
        }
    }

    private void unpack(Manifest.Part part, Path into, Progress progress) {
        Tar.extract(
                stdin -> {
                    try (InputStream in = SealedReader.open(store, part, keys)) {
                        in.transferTo(stdin);
                    }
                },
                into, part.plainBytes(), progress);
    }

    private static void link(Manifest.Tablespace space, Laid laid) throws IOException {
        Path folder = laid.tablespaces().resolve(String.valueOf(space.oid()));
        Path link = laid.folder().resolve("pg_tblspc").resolve(String.valueOf(space.oid()));
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, folder);
        // The server makes the links again from this map when it starts from a backup. Backslashes escape line ends in it.
        Path map = laid.folder().resolve("tablespace_map");
        List<String> lines = Files.readAllLines(map).stream()
                .map(line -> line.startsWith(space.oid() + " ") ? space.oid() + " " + folder : line)
                .toList();
        Files.write(map, lines);
    }

    private void fetch(List<WalObject> wal, Path into, Progress progress) throws IOException {
        LaidFolders.make(into);
        WalArchive archive = new WalArchive(store, keys, new WalSource("", ""));
        int done = 0;
        for (WalObject object : wal) {
            try (InputStream in = archive.open(object)) {
                Files.copy(in, into.resolve(object.name()));
            }
            progress.at("WAL", ++done, wal.size(), "files");
        }
    }

    private static void configure(Laid laid, RecoveryTarget target) throws IOException {
        Path data = laid.folder();
        Files.writeString(data.resolve("recovery.signal"), "");
        LaidFolders.settings(data, settings(laid, target));
        LaidFolders.missingConfiguration(data);
    }

    private static String settings(Laid laid, RecoveryTarget target) {
        StringBuilder text = new StringBuilder("\n# Written by Firedrill: replay to the target, then open.\n");
        // The server may have been recovered to a target itself: what is left of that would forbid another.
        RecoveryTarget.SETTINGS.forEach(name -> set(text, name, ""));
        set(text, "recovery_target_inclusive", "on");
        end(laid, target).settings().forEach((name, value) -> set(text, name, value));
        set(text, "restore_command", restoreCommand(laid.wal()));
        set(text, "recovery_target_timeline", laid.range() == null ? "current" : String.valueOf(laid.range().timeline()));
        set(text, "recovery_target_action", "promote");
        set(text, "hot_standby", "off");
        set(text, "archive_mode", "off");
        set(text, "primary_conninfo", "");
        set(text, "primary_slot_name", "");
        return text.toString();
    }

    /** Asked for the newest commit there is or later: nothing comes after it that could be stopped at. */
    private static RecoveryTarget end(Laid laid, RecoveryTarget target) {
        boolean newest = target instanceof RecoveryTarget.Time time
                && (laid.range() == null || !time.at().isBefore(laid.range().to()));
        return newest ? new RecoveryTarget.Latest() : target;
    }

    private static void set(StringBuilder text, String name, String value) {
        text.append(name).append(" = '").append(value.replace("'", "''")).append("'\n");
    }

    /** A shell line: the path in single quotes; PostgreSQL replaces %f and %p. */
    private static String restoreCommand(Path wal) {
        return "cp '%s'/%%f \"%%p\"".formatted(wal.toString().replace("%", "%%").replace("'", "'\\''"));
    }
}
