package io.firedrill.physical;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Puts an unpacked full base backup and what was unpacked over it of an incremental one together. */
final class Pieces {
    private Pieces() {}

    /** Before the incremental's archive is unpacked: the full one's WAL is not the incremental's. */
    static void removeWal(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("pg_wal"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * Writes each piece into its file, then makes the folder hold what the {@code backup_manifest} lists, no more and no longer.
     *
     * @param folder the data folder, or that of a tablespace
     * @param prefix in the data folder: empty, or e.g. {@code pg_tblspc/16384/}
     */
    static void join(Path folder, String prefix, Map<String, BackupManifest.Entry> listed) throws IOException {
        Path pieces = folder.resolve(ChangedFiles.PIECES);
        if (Files.isDirectory(pieces)) {
            for (Path piece : files(pieces)) {
                write(piece, folder, PieceName.of(folder.relativize(piece).toString()).orElseThrow());
            }
            LaidFolders.remove(pieces);
        }
        for (Path file : files(folder)) {
            String path = folder.relativize(file).toString();
            BackupManifest.Entry entry = listed.get(prefix + path);
            if (entry == null && !path.startsWith(CarriedWal.FOLDER)) {
                Files.delete(file);
            } else if (entry != null && Files.size(file) > entry.bytes()) {
                truncate(file, entry.bytes());
            } else if (entry != null && Files.size(file) < entry.bytes()) {
                throw BackupManifest.damaged("The file %s%s has %d bytes, not %d.".formatted(prefix, path, Files.size(file), entry.bytes()));
            }
        }
        for (String path : listed.keySet()) {
            boolean here = prefix.isEmpty() ? !path.startsWith("pg_tblspc/") : path.startsWith(prefix);
            if (here && !Files.exists(folder.resolve(path.substring(prefix.length())))) {
                throw BackupManifest.damaged("The file %s is neither in the backup nor in the full one it needs.".formatted(path));
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
        }
    }

    private static void write(Path piece, Path folder, PieceName name) throws IOException {
        try (FileChannel from = FileChannel.open(piece);
                FileChannel to = FileChannel.open(folder.resolve(name.path()), StandardOpenOption.WRITE)) {
            for (long done = 0; done < from.size(); ) {
                to.position(name.offset() + done);
                done += from.transferTo(done, from.size() - done, to);
            }
        }
    }

    private static void truncate(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }
}
