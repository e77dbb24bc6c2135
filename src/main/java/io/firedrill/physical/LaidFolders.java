package io.firedrill.physical;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The folders of a server being laid out: made private, given away, removed, and the files without which none starts. */
final class LaidFolders {
    private LaidFolders() {}

    static Path beside(Path folder, String ending) {
        return folder.resolveSibling(folder.getFileName() + ending);
    }

    static void requireAbsent(Path path) {
        if (Files.exists(path)) {
            throw new Failure("folder-exists", "%s is there already.".formatted(path), "Nothing was laid out; it is untouched.",
                            "Name another folder, or move that one away.")
                    .lasting();
        }
    }

    static Path make(Path folder) throws IOException {
        Files.createDirectories(Objects.requireNonNull(folder.getParent()));
        return Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Those that are there, with all that is in them; by anybody but root, they stay whose they are. */
    static void own(List<Path> folders, String user) {
        List<String> there = folders.stream().filter(Files::exists).map(Path::toString).toList();
        if (user.isEmpty() || !LocalPostgres.root()) {
            return;
        }
        Command.Result<String> owned = Command.of("chown", "-R", user + ":")
                .with(there.toArray(String[]::new)).withDeadline(Duration.ofHours(1)).run();
        if (!owned.succeeded()) {
            throw new Failure("not-owned", "The files could not be given to user %s: %s".formatted(user, owned.stderr().strip()),
                            "What was laid out is removed again.", "Check that the user %s exists on this host.".formatted(user))
                    .lasting();
        }
    }

    static void settings(Path data, String lines) throws IOException {
        Files.writeString(data.resolve("postgresql.auto.conf"), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Debian keeps these elsewhere, so they are not in the backup; without them no server starts. */
    static void missingConfiguration(Path data) throws IOException {
        for (String file : List.of("postgresql.conf", "pg_ident.conf")) {
            if (!Files.exists(data.resolve(file))) {
                Files.writeString(data.resolve(file), "");
            }
        }
        if (!Files.exists(data.resolve("pg_hba.conf"))) {
            Files.writeString(data.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        }
    }

    static FailureException diskTrouble(Path folder, IOException e) {
        return new Failure("target-disk", "The backup could not be laid into %s: %s".formatted(folder, e.getMessage()),
                        "What was laid out is removed again.", "Look at that disk, then try again.")
                .lasting(e);
    }

    static void removeEmpty(Path folder) throws IOException {
        boolean empty;
        try (Stream<Path> content = Files.list(folder)) {
            empty = content.findAny().isEmpty();
        }
        if (empty) {
            Files.delete(folder);
        }
    }

    static void remove(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
