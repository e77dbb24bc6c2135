package io.firedrill.physical;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * The files of a server as they pass by on their way into a full base backup: puts each into the map of blocks, and tells
 * whether what came is what PostgreSQL says it sent.
 */
public class ServerFiles implements TarEntries.Visitor {
    private static final String WAL = "pg_wal/";

    private final String folder;
    private final BlockMap.Writer map;
    private final Received received;
    private final BlockDigests digests = new BlockDigests();
    private final CRC32C crc = new CRC32C();
    private String path = "";
    private long bytes;

    /** What was read of all archives of one base backup, by path: the size and the CRC32C. */
    public static final class Received {
        private final Map<String, BackupManifest.Entry> files = new ConcurrentHashMap<>();

        /** Lasting failure {@code base-backup-damaged} when something is missing, too much, or not as it was sent. */
        public void requireAsSent(BackupManifest manifest) {
            manifest.files().forEach((path, sent) -> {
                BackupManifest.Entry got = files.get(path);
                boolean checksums = got != null && sent.algorithm().equals(got.algorithm());
                if (got == null || got.bytes() != sent.bytes() || checksums && !got.checksum().equals(sent.checksum())) {
                    throw BackupManifest.damaged("The file %s did not come as PostgreSQL says it sent it.".formatted(path));
                }
            });
            files.keySet().stream()
                    .filter(path -> !path.startsWith(WAL) && !path.equals("backup_manifest") && !manifest.files().containsKey(path))
                    .findFirst()
                    .ifPresent(path -> {
                        throw BackupManifest.damaged("The file %s came but is not in the backup_manifest.".formatted(path));
                    });
        }
    }

    /** @param folder of the archive in the data folder: empty, or e.g. {@code pg_tblspc/16384/} */
    public ServerFiles(String folder, BlockMap.Writer map, Received received) {
        this.folder = folder;
        this.map = map;
        this.received = received;
    }

    final String path() {
        return path;
    }

    @Override
    public void begin(String name, long size) throws IOException {
        path = folder + name.replaceFirst("^\\./", "");
        bytes = size;
        digests.begin(size);
        crc.reset();
    }

    @Override
    public final void data(byte[] buffer, int offset, int length) throws IOException {
        crc.update(buffer, offset, length);
        for (int done = 0; done < length; ) {
            int n = Math.min(digests.room(), length - done);
            boolean ended = digests.take(buffer, offset + done, n);
            piece(buffer, offset + done, n);
            if (ended) {
                block(digests.block() - 1, digests.last());
            }
            done += n;
        }
    }

    @Override
    public void end() throws IOException {
        if (digests.end()) {
            block(digests.block() - 1, digests.last());
        }
        map.file(path, bytes, digests.all());
        received.files.put(path, new BackupManifest.Entry(bytes, "CRC32C", "%08x".formatted(Integer.reverseBytes((int) crc.getValue()))));
    }

    /** Bytes of the block being read. */
    void piece(byte[] buffer, int offset, int length) throws IOException {}

    /** A block has been read. */
    void block(int number, byte[] digest) throws IOException {}
}
