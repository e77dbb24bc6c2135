package io.firedrill.physical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.FailureException;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Command;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our check of a stream and PostgreSQL's own of an unpacked backup say the same, whatever is done to it. */
class BaseBackupCheckIT {
    private static ThrowawayPostgres postgres;

    @TempDir
    static Path folder;

    private static Path original;

    @BeforeAll
    static void aBaseBackup() {
        postgres = ThrowawayPostgres.start();
        postgres.create("orders");
        postgres.sql("orders", "create table item as select n, repeat('x', 100) as text from generate_series(1, 5000) n");
        original = folder.resolve("original");
        postgres.run("pg_basebackup", "--pgdata=" + original, "--wal-method=fetch", "--checkpoint=fast",
                "--manifest-checksums=SHA256", "--dbname=" + postgres.conninfo("postgres"));
    }

    @AfterAll
    static void end() {
        postgres.remove();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "nothing", "a flipped byte", "a missing file", "a file too many", "a shorter file", "missing WAL", "damaged WAL",
        "a flipped byte in the manifest"
    })
    void bothSayTheSame(String damage) throws IOException {
        Path backup = copy(damage.replace(' ', '-'));
        spoil(backup, damage);

        boolean postgresSays = Command.of(Programs.find("pg_verifybackup"), backup.toString())
                .withDeadline(Duration.ofMinutes(1)).run().succeeded();

        assertThat(postgresSays).isEqualTo(damage.equals("nothing"));
        assertThat(weSay(backup)).isEqualTo(postgresSays);
    }

    @Test
    void anotherClustersControlFileIsFound() throws IOException {
        Manifest.ClusterFacts facts = facts(original, "1234567890");

        FailureException failure = catchThrowableOfType(FailureException.class, () -> check(original, facts));

        assertThat(failure.failure().what()).contains("pg_control is of system").contains("1234567890");
    }

    private static void spoil(Path backup, String damage) throws IOException {
        Path table = largest(backup.resolve("base"));
        switch (damage) {
            case "nothing" -> {}
            case "a flipped byte" -> flip(table, Files.size(table) / 2);
            case "a missing file" -> Files.delete(table);
            case "a file too many" -> Files.writeString(backup.resolve("base/more"), "more");
            case "a shorter file" -> truncate(table);
            case "missing WAL" -> Files.delete(largest(backup.resolve("pg_wal")));
            case "damaged WAL" -> flip(largest(backup.resolve("pg_wal")), 0x28 + 40 + 30);
            case "a flipped byte in the manifest" -> flip(backup.resolve("backup_manifest"), 200);
            default -> throw new IllegalArgumentException(damage);
        }
    }

    private static boolean weSay(Path backup) {
        FailureException failure = catchThrowableOfType(
                FailureException.class,
                () -> check(backup, facts(original, postgres.value("postgres", "select system_identifier from pg_control_system()"))));
        if (failure != null) {
            assertThat(failure.failure().code()).isEqualTo("base-backup-damaged");
        }
        return failure == null;
    }

    private static void check(Path backup, Manifest.ClusterFacts facts) throws IOException {
        BaseBackupCheck check = new BaseBackupCheck(BackupManifest.read(Files.readAllBytes(backup.resolve("backup_manifest"))), facts, null);
        TarEntries entries = check.archive("base", "");
        Command.of(Programs.find("tar"), "--create", "--format=ustar", "--sort=name", "--file=-", "--directory=" + backup, ".")
                .withDeadline(Duration.ofMinutes(1))
                .run(Command.Input.NONE, stdout -> stdout.transferTo(entries));
        entries.finish();
        check.finish();
    }

    private static Manifest.ClusterFacts facts(Path backup, String system) throws IOException {
        var range = BackupManifest.read(Files.readAllBytes(backup.resolve("backup_manifest"))).walRanges().get(0);
        return new Manifest.ClusterFacts("15", 150000, system, range.timeline(), range.start().toString(), "0/0",
                range.end().toString(), "", "", Instant.EPOCH, 16 << 20, 0, List.of(), List.of());
    }

    private static Path copy(String name) {
        Path to = folder.resolve(name);
        assertThat(Command.of("cp", "-a", original.toString(), to.toString()).run().succeeded()).isTrue();
        return to;
    }

    private static Path largest(Path below) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(Files::isRegularFile).max(java.util.Comparator.comparingLong(path -> path.toFile().length())).orElseThrow();
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = java.nio.ByteBuffer.allocate(1);
            channel.position(at).read(one);
            one.put(0, (byte) (one.get(0) ^ 1)).rewind();
            channel.position(at).write(one);
        }
    }

    private static void truncate(Path file) throws IOException {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 8192);
        }
    }
}
