package io.firedrill.bench;

import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * pgBackRest into a local repository, one process per core, at its quickest: no waiting for a checkpoint or for archived
 * WAL.
 *
 * @param compression {@code zst} or {@code lz4}
 */
record PgBackRest(Workshop workshop, String compression) implements Contender {
    private static final String STANZA = "bench";

    static String row(String compression) {
        return "pgBackRest full, " + compression;
    }

    static String incrementalRow(String compression) {
        return "pgBackRest incremental after 1 %, " + compression;
    }

    @Override
    public List<String> rows() {
        return List.of(row(compression));
    }

    @Override
    public void run(Laps laps) {
        Path folder = emptyRepository();
        backup("full");
        laps.done(row(compression), Workshop.bytes(folder.resolve("repository/backup")));
    }

    /** On top of the full one that lies there. */
    Contender incremental() {
        return new Contender() {
            @Override
            public List<String> rows() {
                return List.of(incrementalRow(compression));
            }

            @Override
            public void run(Laps laps) {
                Path backups = folder().resolve("repository/backup");
                long before = Workshop.bytes(backups);
                backup("incr");
                laps.done(incrementalRow(compression), Workshop.bytes(backups) - before);
            }

            @Override
            public void tidy() {
                PgBackRest.this.tidy();
            }
        };
    }

    private Path folder() {
        return workshop.plan().resolveSibling("pgbackrest");
    }

    private Path emptyRepository() {
        Path folder = workshop.empty("pgbackrest");
        try {
            for (String part : List.of("repository", "lock", "log")) {
                LocalPostgres.own(Files.createDirectories(folder.resolve(part)));
            }
            Files.writeString(folder.resolve("pgbackrest.conf"), configuration(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Tools.run(command("stanza-create"));
        return folder;
    }

    private String configuration(Path folder) {
        return """
                [global]
                repo1-path=%1$s/repository
                lock-path=%1$s/lock
                log-path=%1$s/log
                log-level-console=warn
                log-level-file=off
                process-max=%2$d
                compress-type=%3$s
                start-fast=y
                stop-auto=y
                archive-check=n
                [%4$s]
                pg1-path=%5$s
                pg1-port=%6$d
                pg1-socket-path=%7$s
                pg1-user=%8$s
                """
                .formatted(folder, Runtime.getRuntime().availableProcessors(), compression, STANZA, workshop.postgres().data(),
                        workshop.postgres().port(), workshop.socketFolder(), LocalPostgres.SUPERUSER);
    }

    private void backup(String type) {
        Tools.run(command("backup", "--type=" + type));
    }

    private Command command(String verb, String... more) {
        return workshop.postgres()
                .unprivileged(Tools.command("pgbackrest", "--config=" + folder().resolve("pgbackrest.conf"),
                                "--stanza=" + STANZA)
                        .with(more)
                        .with(verb)
                        .withEnvironment(workshop.login()));
    }

    @Override
    public void tidy() {
        workshop.empty("pgbackrest");
    }
}
