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

    /** What waits for the audit trail, and the key that signs its anchors. */
    public Path audit() {
        return folder.resolve("audit");
    }

    /** WAL that is on its way to the stores. */
    public Path wal() {
        return folder.resolve("wal");
    }

    /** Which folder stores this host has seen: one file each, so that an empty mount point is not taken for one. */
    public Path stores() {
        return folder.resolve("stores");
    }

    /** The one-time link of the first admin, while nobody can sign in. */
    public Path firstSignIn() {
        return folder.resolve("first-sign-in");
    }

    public Path reports() {
        return folder.resolve("reports");
    }

    /** Scratch servers and folders of drills. */
    public Path drills() {
        return folder.resolve("drills");
    }

    /** Scratch servers of recoveries to a moment. */
    public Path recoveries() {
        return folder.resolve("recoveries");
    }

    public void writeToken(String token) {
        writePrivate(token(), token + "\n");
    }

    public void writeServer(String json) {
        writePrivate(server(), json + "\n");
    }

    public void writeFirstSignIn(String link) {
        writePrivate(firstSignIn(), link + "\n");
    }

    public void removeFirstSignIn() {
        try {
            Files.deleteIfExists(firstSignIn());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
