package io.firedrill.tool;

import io.firedrill.failure.Failure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds external programs. PostgreSQL's: only in the folder named by {@code FIREDRILL_PG_BIN}, as whoever names one wants
 * no other version; without it in the newest PostgreSQL below {@code /usr/lib/postgresql} (where Debian keeps server
 * programs off the path). All others, and PostgreSQL's that are not there: on {@code PATH}.
 */
public final class Programs {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private Programs() {}

    /** Absolute path of the program. Lasting failure {@code missing-tool} naming the Debian package that has it. */
    public static String find(String program) {
        return look(program).map(Path::toString).orElseThrow(() -> missing(program).lasting());
    }

    private static Failure missing(String program) {
        Optional<Path> named = postgres(program) ? namedFolder() : Optional.empty();
        return named.map(folder -> new Failure(
                        "missing-tool",
                        "The program %s is not in %s, the folder that FIREDRILL_PG_BIN names.".formatted(program, folder),
                        "Nothing was started.",
                        "Put it there, or start Firedrill with FIREDRILL_PG_BIN naming the bin folder of a whole"
                                + " PostgreSQL, or without it; then try again."))
                .orElseGet(() -> new Failure(
                        "missing-tool",
                        "The program %s is not installed on this host.".formatted(program),
                        "Nothing was started.",
                        "Install it (apt-get install %s), then try again.".formatted(debianPackage(program))));
    }

    public static boolean installed(String program) {
        return look(program).isPresent();
    }

    private static Optional<Path> look(String program) {
        return folders(postgres(program)).stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static boolean postgres(String program) {
        return program.startsWith("pg_") || program.equals("initdb") || program.equals("psql");
    }

    private static Optional<Path> namedFolder() {
        return Optional.ofNullable(System.getenv("FIREDRILL_PG_BIN")).filter(name -> !name.isBlank()).map(Path::of);
    }

    private static List<Path> folders(boolean postgres) {
        Optional<Path> named = namedFolder();
        if (postgres && named.isPresent()) {
            return List.of(named.get());
        }
        List<Path> folders = new ArrayList<>();
        if (postgres) {
            folders.addAll(debianVersions());
        }
        for (String folder : Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin").split(File.pathSeparator)) {
            folders.add(Path.of(folder));
        }
        folders.add(Path.of("/usr/sbin"));
        return folders;
    }

    private static List<Path> debianVersions() {
        if (!Files.isDirectory(DEBIAN)) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.filter(v -> v.getFileName().toString().matches("\\d+"))
                    .sorted(Comparator.comparingInt((Path v) -> Integer.parseInt(v.getFileName().toString())).reversed())
                    .map(v -> v.resolve("bin"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String debianPackage(String program) {
        return switch (program) {
            case "initdb", "pg_ctl", "pg_verifybackup", "pg_checksums", "pg_controldata", "pg_rewind", "pg_waldump" -> "postgresql";
            case "pg_dump", "pg_dumpall", "pg_restore", "psql", "pg_isready", "pg_basebackup", "pg_receivewal" -> "postgresql-client";
            default -> program;
        };
    }
}
