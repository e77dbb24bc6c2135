package io.firedrill.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes beside, syncs, then links to the final name: a link, unlike a rename, never replaces what is there. */
final class DirectorySink extends ObjectSink {
    private final DirectoryStore store;
    private final String key;
    private final Path unfinished;
    private final Path target;
    private final FileChannel channel;

    DirectorySink(DirectoryStore store, String key, Path unfinished, Path target) throws IOException {
        this.store = store;
        this.key = key;
        this.unfinished = unfinished;
        this.target = target;
        this.channel = FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, offset, length);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw store.trouble(key, e);
        }
    }

    @Override
    public void commit() {
        try {
            channel.force(true);
            channel.close();
            Files.createDirectories(target.getParent());
            publish();
            Path root = unfinished.getParent().getParent();
            for (Path folder = target.getParent(); folder.startsWith(root); folder = folder.getParent()) {
                sync(folder);
            }
        } catch (IOException e) {
            throw store.trouble(key, e);
        } finally {
            close();
        }
    }

    private void publish() throws IOException {
        try {
            Files.createLink(target, unfinished);
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (Files.exists(target) || !withoutLinks(e)) {
                throw e;
            }
            // A file system without hard links (SMB, FAT): a rename replaces, so look first.
            Files.move(unfinished, target);
        }
    }

    private static boolean withoutLinks(Exception e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof UnsupportedOperationException
                || message.contains("Operation not permitted")
                || message.contains("Operation not supported")
                || message.contains("Function not implemented");
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            throw store.trouble(key, e);
        }
    }
}
