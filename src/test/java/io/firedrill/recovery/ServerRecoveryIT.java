package io.firedrill.recovery;

import static io.firedrill.recovery.Scene.INCIDENT;
import static io.firedrill.recovery.Scene.SERVICE;
import static io.firedrill.recovery.Scene.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.diagnosis.Evidence;
import io.firedrill.physical.WalReceivers;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Check;
import io.firedrill.plan.Keep;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.Proof;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.RestorePlan.Candidate;
import io.firedrill.recovery.RestorePlan.ServerTarget;
import io.firedrill.store.BackupId;
import io.firedrill.tool.Command;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server whose files are really damaged comes back from its base backup and WAL, beside the damaged one. */
class ServerRecoveryIT {
    private static final String DB = "shop";

    @TempDir
    Path folder;

    private ThrowawayPostgres postgres;
    private Scene scene;
    private WalReceivers receivers;

    @BeforeEach
    void shop() throws Exception {
        postgres = ThrowawayPostgres.start();
        scene = new Scene(postgres, folder, DB, new StorePlan.Directory("offsite", folder.resolve("offsite")),
                List.of(new BackupEntry(BackupKind.LOGICAL, Optional.empty(), Keep.DEFAULT),
                        new BackupEntry(BackupKind.PHYSICAL, Optional.empty(), Keep.DEFAULT, true)),
                new Check.Sql("orders exist", "select count(*) > 0 from orders", "orders"));
        postgres.sql("postgres", "create database other");
        postgres.sql("other", "create table kept as select 1 as a");
        postgres.sql(DB, "create table orders (id int primary key, total int)",
                "insert into orders select g, g from generate_series(1, 1000) g");
        receivers = WalReceivers.start(scene.plan, scene.stores, scene.keys, folder.resolve("wal"), alarm -> {}, Clock.systemUTC());
    }

    @AfterEach
    void end() {
        receivers.close();
        scene.stores.close();
        postgres.remove();
    }

    @Test
    void aCorruptPageLosesNothingTheDamagedOneStaysAsItWasAndTheServiceIsProtectedAgain() throws Exception {
        BackupId dump = scene.dump();
        BackupId base = scene.base();
        postgres.sql(DB, "insert into orders select g, g from generate_series(1001, 1500) g", "checkpoint");
        Path file = file("orders");
        postgres.server().stop();
        overwriteFirstPage(file);
        postgres.server().start();
        Evidence evidence = scene.diagnose();
        assertThat(evidence.facts().corruption()).isTrue();
        assertThat(evidence.facts().wholeServer()).isTrue();
        postgres.sql("other", "insert into kept values (2)");

        RestorePlan what = select("latest", evidence);
        ServerTarget target = what.servers().getFirst();
        assertThat(target.backup()).isEqualTo(base.value());
        assertThat(what.lostSeconds()).isZero();
        assertThat(what.candidates()).filteredOn(one -> one.backup().equals(dump.value()))
                .extracting(Candidate::verdict).containsExactly("loses-more");
        assertThat(RestorePlanText.of(what))
                .anySatisfy(line -> assertThat(line).contains("becomes", target.setAside(), "by rename"))
                .anySatisfy(line -> assertThat(line).contains(dump.value(), "loses"))
                .anySatisfy(line -> assertThat(line).contains("also other"));
        String damaged = digest(file);

        Instant before = Instant.now();
        ServerRestored restored = cutOver(what);
        assertThat(restored.complete()).isTrue();
        assertThat(scene.rows(DB, "orders")).isEqualTo("1500");
        assertThat(scene.rows("other", "kept")).isEqualTo("2");
        assertThat(postgres.value("postgres", "show archive_mode") + postgres.value("postgres", "show restore_command")).isEqualTo("off");
        assertThat(postgres.value("postgres", "select datconnlimit from pg_database where datname = 'shop'")).isEqualTo("-1");
        assertThat(digest(Path.of(target.setAside()).resolve(postgres.server().data().relativize(file)))).isEqualTo(damaged);
        assertThat(Path.of(target.beside() + ".wal")).doesNotExist();

        assertFails("not-protected", () -> scene.recovery.checkProtection(SERVICE, what, before, Progress.NONE));
        scene.base();
        postgres.sql(DB, "insert into orders values (2000, 1)");
        awaitReceiving();
        assertThat(scene.recovery.checkProtection(SERVICE, what, before, Progress.NONE)).contains("on timeline 2", "is archived to");

        scene.recovery.fence(SERVICE, INCIDENT, what);
        scene.recovery.swapBackServer(SERVICE, target);
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        assertThatThrownBy(() -> scene.rows(DB, "orders")).hasMessageContaining("invalid page");
        assertThat(target.setAside()).satisfies(path -> assertThat(Path.of(path)).doesNotExist());
        assertThat(Path.of(target.beside().replace("_restoring_", "_undone_"))).isDirectory();
    }

    @Test
    void aDeadServerWithoutPgControlComesBackWithItsLastCommit() throws Exception {
        scene.base();
        postgres.sql(DB, "insert into orders values (2000, 1)");
        kill();
        Files.delete(postgres.server().data().resolve("global/pg_control"));

        RestorePlan what = select("latest", null);
        ServerRestored restored = cutOver(what);
        assertThat(restored.complete()).isTrue();
        assertThat(scene.rows(DB, "orders")).isEqualTo("1001");

        scene.recovery.fence(SERVICE, INCIDENT, what);
        scene.recovery.swapBackServer(SERVICE, what.servers().getFirst());
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        assertThat(postgres.server().running()).isFalse();
        assertThat(postgres.server().data().resolve("global")).isDirectory();
    }

    @Test
    void withoutPgWalWhatWasReceivedComesBackAndNobodySaysThatIsAll() throws Exception {
        scene.base();
        postgres.sql(DB, "insert into orders values (2000, 1)", "select pg_switch_wal()");
        postgres.sql(DB, "insert into orders values (2001, 1)");
        awaitReceived();
        kill();
        remove(postgres.server().data().resolve("pg_wal"));
        remove(postgres.server().data().resolve("pg_xact"));

        RestorePlan what = select("latest", null);
        assertThat(what.servers().getFirst().to().why()).contains("does not go on from there");
        ServerRestored restored = cutOver(what);
        assertThat(restored.complete()).isFalse();
        assertThat(scene.rows(DB, "orders")).isEqualTo("1002");
    }

    @Test
    void aMomentCanBeNamedTheWayOutLeavesNothingAndWhatCannotBeIsRefused() throws Exception {
        scene.base();
        postgres.sql(DB, "insert into orders values (2000, 1)");
        String moment = postgres.value(DB, "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
        postgres.sql(DB, "insert into orders values (2001, 1)", "select pg_switch_wal()");
        awaitArchived(moment);

        RestorePlan what = select(moment, null);
        ServerTarget target = what.servers().getFirst();
        scene.recovery.fence(SERVICE, INCIDENT, what);
        scene.recovery.restoreServer(SERVICE, target, Progress.NONE);
        assertFails("nothing-beside", () -> scene.recovery.cutOverServer(SERVICE, target));
        Proof proof = scene.recovery.proveServer(SERVICE, target, Progress.NONE);
        assertThat(proof.differences()).isEmpty();
        assertThat(proof.rows()).isEqualTo(1002);
        scene.recovery.discardServer(SERVICE, target);
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        try (Stream<Path> left = Files.list(postgres.server().folder())) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> name.contains("restoring"))).isEmpty();
        }
        assertThat(scene.rows(DB, "orders")).isEqualTo("1002");

        assertFails("restore-point-ahead", () -> select("2100-01-01T00:00:00Z", null));
        assertFails("restore-point-too-early", () -> select("2020-01-01T00:00:00Z", null));
        // It still runs, so its databases would come from dumps; there is none.
        assertThat(assertFails("no-unaffected-backup", () -> select("FFFF/0", null)).failure().what()).contains("orders");
        kill();
        assertThat(assertFails("no-unaffected-backup", () -> select("FFFF/0", null)).failure().what())
                .contains("FFFF/0", "out of its reach", "on timeline 1");
        Files.writeString(postgres.server().data().resolve("PG_VERSION"), "14\n");
        assertFails("other-version", () -> select("latest", null));
    }

    private RestorePlan select(String to, @Nullable Evidence evidence) {
        return scene.recovery.select(
                new SelectRequest(SERVICE, INCIDENT, List.of(), List.of(), to, null, List.of(), evidence, List.of("orders"), java.util.Map.of(), java.util.Map.of()));
    }

    private ServerRestored cutOver(RestorePlan what) {
        ServerTarget target = what.servers().getFirst();
        scene.recovery.fence(SERVICE, INCIDENT, what);
        ServerRestored restored = scene.recovery.restoreServer(SERVICE, target, Progress.NONE);
        Proof proof = scene.recovery.proveServer(SERVICE, target, Progress.NONE);
        assertThat(proof.differences()).isEmpty();
        scene.recovery.cutOverServer(SERVICE, target);
        scene.recovery.cutOverServer(SERVICE, target);
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        assertThat(scene.recovery.check(SERVICE, true)).allSatisfy(check -> assertThat(check.passed()).isTrue());
        scene.recovery.unfence(SERVICE, INCIDENT, what);
        return restored;
    }

    private Path file(String table) {
        return postgres.server().data().resolve(postgres.value(DB, "select pg_relation_filepath('" + table + "')"));
    }

    private static void overwriteFirstPage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 100; i < 8000; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(file, bytes);
    }

    private static String digest(Path file) {
        return Command.of("sha256sum", file.toString()).run().value().split(" ")[0];
    }

    /** As power or kernel would. */
    private void kill() throws IOException {
        Path data = postgres.server().data();
        String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
        List<ProcessHandle> children = ProcessHandle.of(Long.parseLong(pid)).orElseThrow().descendants().toList();
        Command.of("kill", "-STOP", pid).run();
        children.forEach(ProcessHandle::destroyForcibly);
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        await(() -> !postgres.server().running());
    }

    private static void remove(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            all.sorted(Comparator.reverseOrder()).forEach(each -> each.toFile().delete());
        }
    }

    private void awaitReceiving() {
        await(() -> !postgres.column("postgres", "select 1 from pg_replication_slots where active").isEmpty());
    }

    /** The last record that was written lies in the segment being received. */
    private void awaitReceived() {
        String[] at = postgres.value("postgres", "select pg_walfile_name(l) || ' ' || l from pg_current_wal_flush_lsn() l").split(" ");
        long end = Lsn.parse(at[1]).value() % (16 << 20);
        await(() -> {
            try (Stream<Path> files = Files.walk(folder.resolve("wal"))) {
                return files.filter(file -> file.getFileName().toString().equals(at[0] + ".partial")).anyMatch(file -> written(file, end));
            } catch (IOException | UncheckedIOException e) {
                return false;
            }
        });
    }

    private static boolean written(Path file, long end) {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
            byte[] last = new byte[16];
            open.seek(end - last.length);
            open.readFully(last);
            return !Arrays.equals(last, new byte[last.length]);
        } catch (IOException e) {
            return false;
        }
    }

    private void awaitArchived(String moment) {
        await(() -> receivers.status().getFirst().recoverableTo() != null
                && receivers.status().getFirst().recoverableTo().isAfter(Instant.parse(moment)));
    }

    private static void await(java.util.function.BooleanSupplier there) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!there.getAsBoolean()) {
            assertThat(System.nanoTime()).as("did not come to be within a minute").isLessThan(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new UncheckedIOException(new IOException(e));
            }
        }
    }
}
