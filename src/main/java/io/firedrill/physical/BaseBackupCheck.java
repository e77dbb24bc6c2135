package io.firedrill.physical;

import io.firedrill.store.Manifest;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a base backup while its archives stream by, without unpacking it: every file is in PostgreSQL's
 * {@code backup_manifest} with this size and checksum, none is missing, {@code pg_control} is of the same cluster, and the
 * WAL needed is there with every record whole. What {@code pg_verifybackup} and its {@code pg_waldump} check of an
 * unpacked one. And every block is as its map of blocks says, when it has one. Anything off is the lasting failure
 * {@code base-backup-damaged}.
 */
public final class BaseBackupCheck {
    private final BackupManifest manifest;
    private final Map<String, BackupManifest.Entry> missing;
    private final @Nullable BlockMap map;
    private final CarriedWal wal;

    /** @param map null: it has none */
    public BaseBackupCheck(BackupManifest manifest, Manifest.ClusterFacts facts, @Nullable BlockMap map) {
        this.manifest = manifest;
        this.wal = new CarriedWal(facts);
        this.missing = new HashMap<>(manifest.files());
        this.map = map;
    }

    /**
     * Takes in one archive, written to the stream returned.
     *
     * @param folder where it belongs in the data folder: empty, or e.g. {@code pg_tblspc/16384/}
     */
    public TarEntries archive(String what, String folder) {
        return new TarEntries(what, new Files(folder));
    }

    private final class Files implements TarEntries.Visitor {
        private final String folder;
        private final byte[] head = new byte[CarriedWal.CONTROL_HEAD];
        private final BlockDigests digests = new BlockDigests();
        private String path = "";
        private long bytes;
        private long seen;
        private boolean segment;
        private BackupManifest.@Nullable Entry entry;
        private Checksum checksum = Checksum.of("NONE");

        Files(String folder) {
            this.folder = folder;
        }

        @Override
        public void begin(String name, long size) {
            path = folder + name.replaceFirst("^\\./", "");
            bytes = size;
            seen = 0;
            entry = missing.remove(path);
            checksum = Checksum.of(entry == null ? "NONE" : entry.algorithm());
            segment = wal.begin(path);
            if (map != null) {
                digests.begin(size);
            }
            if (entry == null && !path.startsWith(CarriedWal.FOLDER) && !path.equals("backup_manifest")) {
                throw BackupManifest.damaged(manifest.files().containsKey(path)
                        ? "The file %s is in the backup twice.".formatted(path)
                        : "The file %s is in the backup but not in its backup_manifest.".formatted(path));
            }
        }

        @Override
        public void data(byte[] buffer, int offset, int length) {
            if (seen < head.length) {
                System.arraycopy(buffer, offset, head, (int) seen, (int) Math.min(length, head.length - seen));
            }
            seen += length;
            if (segment) {
                wal.bytes(buffer, offset, length);
            } else {
                checksum.update(buffer, offset, length);
            }
            for (int done = 0; map != null && done < length; ) {
                int n = Math.min(digests.room(), length - done);
                digests.take(buffer, offset + done, n);
                done += n;
            }
        }

        @Override
        public void end() {
            if (entry != null && bytes != entry.bytes()) {
                throw BackupManifest.damaged(
                        "The file %s has %d bytes, not %d.".formatted(path, bytes, entry.bytes()));
            }
            if (entry != null && !checksum.hex().equals(entry.checksum())) {
                throw BackupManifest.damaged("The file %s does not have its checksum.".formatted(path));
            }
            if (path.equals("global/pg_control")) {
                wal.requireSystem(head);
            }
            if (map != null) {
                digests.end();
                requireMapped(map);
            }
        }

        private void requireMapped(BlockMap map) {
            int length = BlockMap.blocks(bytes) * BlockMap.DIGEST;
            boolean same = map.file(path)
                    .filter(known -> known.bytes() == bytes
                            && java.util.Arrays.equals(known.digests(), 0, length, digests.all(), 0, length))
                    .isPresent();
            if (!same) {
                throw BackupManifest.damaged("The file %s is not as the map of its blocks says.".formatted(path));
            }
        }
    }

    /** After all archives: what must have come did. */
    public void finish() {
        if (!missing.isEmpty()) {
            throw BackupManifest.damaged("%d files are missing from the backup, among them %s."
                    .formatted(missing.size(), missing.keySet().stream().sorted().findFirst().orElse("")));
        }
        wal.requireEnough();
    }
}
