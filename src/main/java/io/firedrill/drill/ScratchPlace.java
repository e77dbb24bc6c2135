package io.firedrill.drill;

import io.firedrill.failure.Failure;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.Scratch;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Words;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * A PostgreSQL server and a folder for one drill, on 127.0.0.1 with a port, a data folder and a password of their own.
 * The server has stock settings but for its connections, so that the time a drill takes does not flatter.
 */
final class ScratchPlace {
    /** Stays free on the disk whatever a drill does. */
    private static final long RESERVE = 256L << 20;

    private final Path folder;

    ScratchPlace(Path folder) {
        this.folder = folder;
    }

    void make() throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Files.createFile(password(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password(), password);
        Files.createDirectories(files());
        int port = Ports.free();
        Files.writeString(portFile(), String.valueOf(port));
        LocalPostgres server = new LocalPostgres(postgres(), port);
        server.create(password, Map.of("max_connections", "40"));
        server.start();
    }

    Scratch scratch() {
        return new Scratch("127.0.0.1", port(), LocalPostgres.SUPERUSER, password().toString(), files().toString());
    }

    /** Lasting failure {@code scratch-disk-full}, before anything is restored. */
    void requireRoom(RestorePlan plan) {
        long needed = plan.databases().stream().mapToLong(RestorePlan.DatabaseTarget::bytes).sum()
                + plan.fileSets().stream().mapToLong(RestorePlan.FilesTarget::bytes).sum();
        long free = folder.toFile().getUsableSpace();
        if (free - RESERVE < needed) {
            throw new Failure(
                            "scratch-disk-full",
                            "%s has %s free; the drill needs %s and leaves %s alone.".formatted(
                                    folder, Words.bytes(free), Words.bytes(needed), Words.bytes(RESERVE)),
                            "Nothing was restored; the service is not touched.",
                            "Free space there, or move Firedrill's home to a larger disk, then start the drill again.")
                    .lasting();
        }
    }

    /** Stops the server, whoever started it, and removes everything. */
    void remove() throws IOException {
        if (Files.exists(portFile())) {
            new LocalPostgres(postgres(), port()).stop();
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, java.io.IOException failed) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
                // What was restored may be closed even to its owner.
                if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
                    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private int port() {
        try {
            return Integer.parseInt(Files.readString(portFile()).strip());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }


    private Path postgres() {
        return folder.resolve("postgres");
    }

    private Path files() {
        return folder.resolve("files");
    }

    private Path password() {
        return folder.resolve("password");
    }

    private Path portFile() {
        return folder.resolve("port");
    }
}
