package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.BackupManifest;
import io.firedrill.physical.BlockMap;
import io.firedrill.physical.ChangedFiles;
import io.firedrill.physical.ServerFiles;
import io.firedrill.tool.Lsn;
import io.firedrill.physical.TarEntries;
import io.firedrill.physical.WalName;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.store.BackupId;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifest.ClusterFacts;
import io.firedrill.store.Manifest.Tablespace;
import io.firedrill.store.Store;
import io.firedrill.tool.PgBasebackup;
import io.firedrill.tool.PgDump;
import io.firedrill.tool.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes a base backup of a whole server, with the WAL that makes it restorable on its own: all of it, or what differs from a
 * full one in the same store.
 */
final class ServerBackup {
    static final String BASE = "base";
    static final String TABLESPACE = "tablespace-";
    static final String PG_MANIFEST = "backup-manifest";
    static final String BLOCKS = "blocks";
    private static final int BLOCK = 1 << 18;
    private static final String LABEL_FILE = "backup_label";
    private static final String MANIFEST_FILE = "backup_manifest";

    private final Store store;
    private final Keys keys;
    private final Clock clock;

    ServerBackup(Store store, Keys keys, Clock clock) {
        this.store = store;
        this.keys = keys;
        this.clock = clock;
    }

    /** @param full that it may build upon; null: all of it is taken */
    Manifest take(String service, Database named, BackupId id, @Nullable Manifest full, Progress progress) {
        Database db = PgConnections.at(named);
        Instant began = clock.instant();
        try (Attempt attempt = new Attempt(store, keys, service, id, began);
                ServerSession session = ServerSession.open(db)) {
            ServerSession.Facts facts = session.facts();
            PgDump.requireFor(db, facts.version(), facts.versionNum());
            session.keepWal("firedrill_base_" + attempt.key("", "").replaceAll(".*-|\\W", ""));
            @Nullable Manifest candidate = full != null && builds(facts, full) ? full : null;
            ServerFiles.Received received = new ServerFiles.Received();
            KeptFiles kept = new KeptFiles(Set.of(LABEL_FILE, MANIFEST_FILE));
            @Nullable Manifest upon;
            try (@Nullable BlockMap known = candidate == null ? null : map(candidate)) {
                upon = known == null ? null : candidate;
                attempt.write(BLOCKS, ".map", out -> {
                    BlockMap.Writer map = new BlockMap.Writer(out);
                    new Copy(attempt, facts, known, map, received, kept, progress).of(db, id);
                    map.finish();
                });
            }
            Instant stopped = session.clock();
            byte[] text = kept.file(MANIFEST_FILE);
            BackupManifest manifest = BackupManifest.read(text);
            received.requireAsSent(manifest);
            attempt.write(PG_MANIFEST, ".json", out -> out.write(text));
            ClusterFacts cluster = cluster(facts, stopped, manifest, kept, upon);
            return attempt.finish(new Manifest(
                    1, id, service, BackupKind.PHYSICAL, db.name(), began, facts.at(), clock.instant(), null, null, null,
                    attempt.parts(), attempt.recipients(),
                    Map.of("pg_basebackup", PgBasebackup.version(), "postgresql", facts.version()),
                    Recipes.physical(attempt.parts(), cluster), cluster));
        }
    }

    /** Of the same server, which has the same tablespaces. */
    private static boolean builds(ServerSession.Facts facts, Manifest full) {
        ClusterFacts before = Objects.requireNonNull(full.cluster(), "a base backup");
        return before.systemIdentifier().equals(facts.systemIdentifier())
                && before.serverVersionNum() / 10_000 == facts.versionNum() / 10_000
                && oids(before.tablespaces()).equals(oids(facts.tablespaces()));
    }

    private static List<Long> oids(List<Tablespace> spaces) {
        return spaces.stream().map(Tablespace::oid).sorted().toList();
    }

    /** Null when it turns out bad: then all of the server is taken. */
    private @Nullable BlockMap map(Manifest full) {
        Manifest.Part part = full.parts().stream().filter(one -> one.role().equals(BLOCKS)).findFirst().orElseThrow();
        try {
            return BlockMaps.read(store, part, keys);
        } catch (FailureException e) {
            if (e.passing()) {
                throw e;
            }
            return null;
        }
    }

    /** The archives on their way, side by side. */
    private record Copy(
            Attempt attempt, ServerSession.Facts facts, @Nullable BlockMap full, BlockMap.Writer map, ServerFiles.Received received,
            KeptFiles kept, Progress progress, AtomicLong bytes, Queue<TarEntries> read) {

        Copy(Attempt attempt, ServerSession.Facts facts, @Nullable BlockMap full, BlockMap.Writer map, ServerFiles.Received received,
                KeptFiles kept, Progress progress) {
            this(attempt, facts, full, map, received, kept, progress, new AtomicLong(), new ConcurrentLinkedQueue<>());
        }

        void of(Database db, BackupId id) {
            if (facts.tablespaces().isEmpty()) {
                attempt.writeUndigested(BASE, ".tar", out -> PgBasebackup.stream(db, id.value(), tar -> pass(tar, out, "")));
            } else {
                archives(db, id);
            }
            // What an archive that ends too soon means, pg_basebackup says itself; by now it has ended well.
            read.forEach(TarEntries::finish);
        }

        private void archives(Database db, BackupId id) {
            Map<String, PgBasebackup.Archive> archives = new LinkedHashMap<>();
            archives.put("base", tar -> attempt.writeUndigested(BASE, ".tar", out -> pass(tar, out, "")));
            for (Tablespace space : facts.tablespaces()) {
                archives.put(String.valueOf(space.oid()), tar -> attempt.writeUndigested(TABLESPACE + space.oid(), ".tar",
                        out -> pass(tar, out, "pg_tblspc/" + space.oid() + "/")));
            }
            kept.put(MANIFEST_FILE, PgBasebackup.archives(db, id.value(), archives));
        }

        private TarEntries entries(String what, TarEntries.Visitor visitor) {
            TarEntries entries = new TarEntries(what, visitor);
            read.add(entries);
            return entries;
        }

        private void pass(InputStream tar, OutputStream out, String folder) throws IOException {
            @Nullable ChangedFiles changed = full == null ? null : new ChangedFiles(folder, full, out, map, received);
            ServerFiles files = changed == null ? new ServerFiles(folder, map, received) : changed;
            TarEntries entries = entries(folder.isEmpty() ? BASE : folder, folder.isEmpty() ? kept.and(files) : files);
            byte[] buffer = new byte[BLOCK];
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                entries.write(buffer, 0, n);
                if (changed == null) {
                    out.write(buffer, 0, n);
                }
                progress.at("pg_basebackup", bytes.addAndGet(n), facts.bytes(), "bytes");
            }
            if (changed != null) {
                changed.finish();
            }
        }
    }

    private static ClusterFacts cluster(
            ServerSession.Facts facts, Instant stopped, BackupManifest manifest, KeptFiles kept, @Nullable Manifest full) {
        if (manifest.walRanges().isEmpty()) {
            throw new Failure("no-wal-range", "The backup_manifest names no WAL.", "There is no new base backup.",
                            "Try again; look into the server's log if it happens again.")
                    .lasting();
        }
        var first = manifest.walRanges().get(manifest.walRanges().size() - 1);
        var last = manifest.walRanges().get(0);
        for (var range : manifest.walRanges()) {
            first = range.start().compareTo(first.start()) < 0 ? range : first;
            last = range.end().compareTo(last.end()) > 0 ? range : last;
        }
        long segment = facts.segmentBytes();
        return new ClusterFacts(
                facts.version(), facts.versionNum(), facts.systemIdentifier(), last.timeline(), first.start().toString(),
                checkpoint(kept), last.end().toString(),
                new WalName(first.timeline(), first.start().segment(segment), segment).toString(),
                new WalName(last.timeline(), last.end().lastSegment(segment), segment).toString(),
                stopped, segment, facts.bytes(), facts.tablespaces(), facts.databases(),
                full == null ? List.of() : List.of(full.id().value()));
    }

    /** From {@code backup_label}: {@code CHECKPOINT LOCATION: 0/2000060}. */
    private static String checkpoint(KeptFiles kept) {
        return new String(kept.file(LABEL_FILE), java.nio.charset.StandardCharsets.UTF_8).lines()
                .filter(line -> line.startsWith("CHECKPOINT LOCATION: "))
                .map(line -> Lsn.parse(line.substring(line.indexOf(": ") + 2).strip()).toString())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("backup_label without checkpoint"));
    }

    /** Keeps the few small files of an archive that tell about it, and passes everything on. */
    private static final class KeptFiles implements TarEntries.Visitor {
        private final Set<String> wanted;
        private final Map<String, byte[]> kept = new LinkedHashMap<>();
        private TarEntries.@Nullable Visitor next;
        private @Nullable ByteArrayOutputStream current;
        private String name = "";

        KeptFiles(Set<String> wanted) {
            this.wanted = wanted;
        }

        TarEntries.Visitor and(TarEntries.Visitor visitor) {
            next = visitor;
            return this;
        }

        private TarEntries.Visitor next() {
            return Objects.requireNonNull(next);
        }

        @Override
        public void header(byte[] block, boolean file) throws IOException {
            next().header(block, file);
        }

        @Override
        public void begin(String file, long bytes) throws IOException {
            name = file;
            current = wanted.contains(file) ? new ByteArrayOutputStream((int) bytes) : null;
            next().begin(file, bytes);
        }

        @Override
        public void data(byte[] buffer, int offset, int length) throws IOException {
            if (current != null) {
                current.write(buffer, offset, length);
            }
            next().data(buffer, offset, length);
        }

        @Override
        public void end() throws IOException {
            if (current != null) {
                kept.put(name, current.toByteArray());
            }
            next().end();
        }

        void put(String file, byte[] content) {
            kept.put(file, content);
        }

        byte[] file(String file) {
            return Objects.requireNonNull(kept.get(file), () -> "pg_basebackup sent no " + file);
        }
    }
}
