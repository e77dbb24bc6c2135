package io.firedrill.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An append-only file on this host: what happened is on its disk before it is chained, so neither an outage of the state
 * database nor the end of this process loses any of it. Several processes of this host may append to one.
 */
final class Spool {
    private static final Object IN_THIS_PROCESS = new Object();
    private static final String TAKEN = "taken-";

    private final Path folder;

    Spool(Path folder) {
        this.folder = folder;
    }

    /** On disk when it returns. */
    void append(String line) {
        locked(() -> {
            try (FileChannel file = FileChannel.open(open(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long end = file.size();
                boolean torn = end > 0 && !endsWithNewline(file, end);
                ByteBuffer bytes = ByteBuffer.wrap(((torn ? "\n" : "") + line + "\n").getBytes(StandardCharsets.UTF_8));
                file.position(end);
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
                file.force(true);
            }
        });
    }

    private static boolean endsWithNewline(FileChannel file, long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        file.read(last, end - 1);
        return last.get(0) == '\n';
    }

    /**
     * Hands over what waits, oldest first, file by file; a file goes when its lines were taken without an exception.
     * What is appended meanwhile waits for the next time.
     */
    void drain(Consumer<List<String>> taker) {
        locked(() -> {
            if (Files.exists(current()) && Files.size(current()) > 0) {
                Files.move(current(), folder.resolve("%s%020d-%s".formatted(TAKEN, System.currentTimeMillis(), UUID.randomUUID())));
            }
        });
        for (Path file : taken()) {
            try {
                List<String> lines = Files.readString(file).lines().filter(line -> !line.isBlank()).toList();
                taker.accept(lines);
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** How many lines wait. */
    long waiting() {
        try {
            long count = Files.exists(current()) ? lines(current()) : 0;
            for (Path file : taken()) {
                count += lines(file);
            }
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private List<Path> taken() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().startsWith(TAKEN)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path current() {
        return folder.resolve("spool.jsonl");
    }

    private Path open() throws IOException {
        return existing(current());
    }

    private static Path existing(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return file;
    }

    private interface Work {
        void run() throws IOException;
    }

    private void locked(Work work) {
        synchronized (IN_THIS_PROCESS) {
            try {
                Path lock = folder.resolve("lock");
                Files.createDirectories(folder);
                try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock held = channel.lock()) {
                    work.run();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
