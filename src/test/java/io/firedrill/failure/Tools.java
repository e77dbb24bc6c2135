package io.firedrill.failure;

import io.firedrill.tool.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The programs that a server under test finds: links to this host's own, so that one can be taken away or replaced while
 * the server runs and the host stays as it is.
 *
 * @param postgres named by {@code FIREDRILL_PG_BIN}
 * @param system the whole {@code PATH}
 */
record Tools(Path postgres, Path system) {
    private static final Path SYSTEM = Path.of("/usr/bin");

    static Tools linkedBelow(Path folder) throws IOException {
        Tools tools = new Tools(
                Files.createDirectories(folder.resolve("postgres")), Files.createDirectories(folder.resolve("system")));
        linkAll(realPostgres(), tools.postgres());
        linkAll(SYSTEM, tools.system());
        return tools;
    }

    private static Path realPostgres() {
        return Path.of(Programs.find("initdb")).getParent();
    }

    private static void linkAll(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> programs = Files.newDirectoryStream(from)) {
            for (Path program : programs) {
                Files.createSymbolicLink(to.resolve(program.getFileName()), program);
            }
        }
    }

    Map<String, String> environment() {
        return Map.of("FIREDRILL_PG_BIN", postgres.toString(), "PATH", system.toString());
    }

    void remove(String program) {
        try {
            Files.delete(found(program));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void putBack(String program) {
        try {
            Files.deleteIfExists(found(program));
            Files.createSymbolicLink(found(program), real(program));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The real program, saying that it is of another version: Debian 12 has one version of PostgreSQL only, so a second
     * one cannot be installed here.
     */
    void pretendVersion(String program, String version) {
        replace(program, """
                if [ "$1" = --version ]; then echo "%s (PostgreSQL) %s"; exit 0; fi
                """.formatted(program, version));
    }

    /** The real program, which does not begin before that file is there: what it works on can be damaged meanwhile. */
    void holdUntil(String program, Path file) {
        replace(program, """
                while [ ! -e '%s' ]; do sleep 0.05; done
                """.formatted(file));
    }

    private void replace(String program, String first) {
        try {
            Files.deleteIfExists(found(program));
            Files.writeString(found(program), "#!/bin/sh\n" + first + "exec '" + real(program) + "' \"$@\"\n");
            Files.setPosixFilePermissions(found(program), PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path found(String program) {
        return folder(program).resolve(program);
    }

    private Path real(String program) {
        return (folder(program).equals(postgres) ? realPostgres() : SYSTEM).resolve(program);
    }

    private Path folder(String program) {
        return program.startsWith("pg_") ? postgres : system;
    }
}
