package io.firedrill.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The one folder, {@code .firedrill}, that everything Firedrill keeps on this host lies in. */
public record Home(Path folder) {
    public Home {
        folder = folder.toAbsolutePath().normalize();
    }

    public Path stateDatabase() {
        return folder.resolve("state");
    }

    public Path engine() {
        return folder.resolve("engine");
    }

    /** Bearer token of the REST API. */
    public Path token() {
        return folder.resolve("token");
    }

    /** Where the running server is: {@code {"url", "pid", "startedAt", "plan"}}. */
    public Path server() {
        return folder.resolve("server.json");
    }

    public Path reports() {
        return folder.resolve("reports");
    }

    public void writeToken(String token) {
        writePrivate(token(), token + "\n");
    }

    public void writeServer(String json) {
        writePrivate(server(), json + "\n");
    }

    /** Replaces the file's content in one step, readable by its owner only. */
    static void writePrivate(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(next);
            Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
