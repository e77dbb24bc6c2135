package io.firedrill.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that one living process holds. The operating system lets go of it when that process ends in whatever way, so a
 * file left behind by {@code kill -9} holds nobody up.
 */
public final class HomeLock implements AutoCloseable {
    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /** The {@code demo} command that is playing in a home; not in the demo's own folder, which every demo removes. */
    public static Path ofDemo(Home demo) {
        return demo.folder().resolveSibling(demo.folder().getFileName() + ".lock");
    }

    /** The {@code up} command that is starting a server in a home. */
    public static Path ofStart(Home home) {
        return home.folder().resolve("up.lock");
    }

    /** The server of a home, for as long as it lives. */
    public static Path ofServer(Home home) {
        return home.folder().resolve("server.lock");
    }

    /** Empty when another process, or this one, holds it already. */
    public static Optional<HomeLock> take(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(channel) == null) {
                channel.close();
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
            return Optional.of(new HomeLock(channel));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable FileLock locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** The process that holds it, when one does. Not for a process that may hold it itself: looking would let go of it. */
    public static Optional<ProcessHandle> holder(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (locked(channel) != null) {
                return Optional.empty();
            }
            String pid = Files.readString(file).strip();
            return pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code process 4711}, or what can be said when the holder has not signed yet. */
    public static String holderWords(Path file) {
        return holder(file).map(process -> "process " + process.pid()).orElse("a process that just began");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
