package io.firedrill.physical;

import io.firedrill.store.Manifest.ClusterFacts;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an incremental base backup together with the full one that it needs, while their archives stream by, first the
 * incremental's own, then the full one's: every block of every file is in one of them with the digest that the map of blocks
 * gives, files and sizes are those of PostgreSQL's {@code backup_manifest}, and the WAL needed is there. Anything off is the
 * lasting failure {@code base-backup-damaged}.
 */
public final class IncrementalCheck {
    private final BackupManifest manifest;
    private final BlockMap map;
    private final CarriedWal wal;
    private final Map<String, BitSet> there = new HashMap<>();

    public IncrementalCheck(BackupManifest manifest, ClusterFacts facts, BlockMap map) {
        this.manifest = manifest;
        this.map = map;
        this.wal = new CarriedWal(facts);
        map.paths().forEach(path -> there.put(path, new BitSet()));
    }

    /** Takes in an archive of the incremental backup; {@code folder} as in {@link BaseBackupCheck#archive}. */
    public TarEntries changed(String what, String folder) {
        return new TarEntries(what, new Blocks(folder, true));
    }

    /** Takes in an archive of the full backup. */
    public TarEntries full(String what, String folder) {
        return new TarEntries(what, new Blocks(folder, false));
    }

    private final class Blocks implements TarEntries.Visitor {
        private final String folder;
        private final boolean changed;
        private final BlockDigests digests = new BlockDigests();
        private final byte[] head = new byte[CarriedWal.CONTROL_HEAD];
        private String path = "";
        private String known = "";
        private BlockMap.@Nullable Entry entry;
        private int first;
        private long seen;
        private boolean segment;

        Blocks(String folder, boolean changed) {
            this.folder = folder;
            this.changed = changed;
        }

        @Override
        public void begin(String name, long size) {
            PieceName piece = changed ? PieceName.of(name).orElse(new PieceName(name, 0)) : new PieceName(name, 0);
            path = folder + piece.path();
            first = (int) (piece.offset() / BlockMap.BLOCK);
            seen = 0;
            if (!path.equals(known)) {
                known = path;
                entry = map.file(path).orElse(null);
            }
            if (changed && entry == null && !path.equals("backup_manifest")) {
                throw BackupManifest.damaged("The file %s is in the backup but not in its map of blocks.".formatted(path));
            }
            segment = changed && wal.begin(path);
            digests.begin(size);
        }

        @Override
        public void data(byte[] buffer, int offset, int length) {
            if (first == 0 && seen < head.length) {
                System.arraycopy(buffer, offset, head, (int) seen, (int) Math.min(length, head.length - seen));
            }
            seen += length;
            if (segment) {
                wal.bytes(buffer, offset, length);
            }
            for (int done = 0; entry != null && done < length; ) {
                int n = Math.min(digests.room(), length - done);
                if (digests.take(buffer, offset + done, n)) {
                    block();
                }
                done += n;
            }
        }

        private void block() {
            int number = first + digests.block() - 1;
            boolean right = entry != null && entry.same(number, digests.last());
            if (right) {
                there.computeIfAbsent(path, p -> new BitSet()).set(number);
            } else if (changed) {
                throw BackupManifest.damaged("Bytes %d and following of the file %s are not what they were when it was taken."
                        .formatted((long) number * BlockMap.BLOCK, path));
            }
        }

        @Override
        public void end() {
            if (entry != null && digests.end()) {
                block();
            }
            if (changed && first == 0 && path.equals("global/pg_control")) {
                wal.requireSystem(head);
            }
        }
    }

    /** After all archives: what must have come did. */
    public void finish() {
        for (Map.Entry<String, BitSet> file : there.entrySet()) {
            int blocks = BlockMap.blocks(map.file(file.getKey()).orElseThrow().bytes());
            int gap = file.getValue().nextClearBit(0);
            if (gap < blocks) {
                throw BackupManifest.damaged("Bytes %d and following of the file %s are neither in the backup nor in the full one it needs."
                        .formatted((long) gap * BlockMap.BLOCK, file.getKey()));
            }
        }
        manifest.files().forEach((path, sent) -> {
            if (map.file(path).filter(entry -> entry.bytes() == sent.bytes()).isEmpty()) {
                throw BackupManifest.damaged("The file %s, of %d bytes, is not in the backup's map of blocks.".formatted(path, sent.bytes()));
            }
        });
        Set<String> more = new TreeSet<>(map.paths());
        more.removeAll(manifest.files().keySet());
        more.removeIf(path -> path.startsWith(CarriedWal.FOLDER) || path.equals("backup_manifest"));
        if (!more.isEmpty()) {
            throw BackupManifest.damaged("The file %s is in the backup but not in its backup_manifest.".formatted(more.iterator().next()));
        }
        wal.requireEnough();
    }
}
