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
 * Finds external programs: the folder named by {@code FIREDRILL_PG_BIN} first, then the newest PostgreSQL below
 * {@code /usr/lib/postgresql} (where Debian keeps server programs off the path), then {@code PATH}.
 */
public final class Programs {
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private Programs() {}

    /** Absolute path of the program. Lasting failure {@code missing-tool} naming the Debian package that has it. */
    public static String find(String program) {
        return look(program).map(Path::toString).orElseThrow(() -> new Failure(
                        "missing-tool",
                        "The program %s is not installed on this host.".formatted(program),
                        "Nothing was started.",
                        "Install it: apt-get install " + debianPackage(program))
                .lasting());
    }

    public static boolean installed(String program) {
        return look(program).isPresent();
    }

    private static Optional<Path> look(String program) {
        return folders(program.startsWith("pg_") || program.equals("initdb") || program.equals("psql")).stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static List<Path> folders(boolean postgres) {
        List<Path> folders = new ArrayList<>();
        if (postgres) {
            Optional.ofNullable(System.getenv("FIREDRILL_PG_BIN")).map(Path::of).ifPresent(folders::add);
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
            case "initdb", "pg_ctl", "pg_verifybackup", "pg_checksums", "pg_rewind" -> "postgresql";
            case "pg_dump", "pg_dumpall", "pg_restore", "psql", "pg_isready", "pg_basebackup" -> "postgresql-client";
            default -> program;
        };
    }
}
