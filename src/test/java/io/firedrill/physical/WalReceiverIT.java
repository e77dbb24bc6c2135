package io.firedrill.physical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.firedrill.backup.PhysicalScene;
import io.firedrill.failure.FailureException;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Progress;
import io.firedrill.tool.RecoveryTarget;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WAL of a real server, received while it works, and what can be brought back with it. */
class WalReceiverIT {
    private static final WalSource SOURCE = new WalSource("shop", "orders");
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private ThrowawayPostgres postgres;
    private PhysicalScene scene;
    private final List<String> alarms = new CopyOnWriteArrayList<>();

    @BeforeEach
    void aServer() {
        postgres = ThrowawayPostgres.start();
        scene = new PhysicalScene(folder, postgres.create("orders"));
        postgres.sql("orders", "create table item (n int primary key, text text)");
    }

    @AfterEach
    void noServer() {
        scene.close();
        postgres.remove();
    }

    @Test
    void anyMomentSinceTheBaseBackupComesBack() {
        try (WalReceiver receiver = receiver(Duration.ofMillis(300))) {
            receiver.start();
            streaming(receiver);
            Manifest base = scene.take();
            insert(1, 1000);
            Instant moment = now();
            insert(1001, 5000);
            postgres.sql("orders", "delete from item");
            Instant end = now();
            archivedPast(end, receiver);

            assertThat(restored(base, new RecoveryTarget.Time(moment))).isEqualTo("1000");
            assertThat(restored(base, new RecoveryTarget.Latest())).isEqualTo("0");
            assertThat(restored(base, new RecoveryTarget.Immediate())).isEqualTo("0");
            FailureException failure = catchThrowableOfType(FailureException.class, () -> restored(
                    base, new RecoveryTarget.Time(base.cluster().stoppedAt().minusSeconds(5))));
            assertThat(failure.failure().code()).isEqualTo("moment-not-recoverable");
        }
    }

    @Test
    void theProgramKilledUnderLoadLeavesNoGapAndNoDouble() throws Exception {
        Manifest base;
        try (WalReceiver receiver = receiver(Duration.ofSeconds(2))) {
            receiver.start();
            streaming(receiver);
            base = scene.take();
            Thread load = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 40; i++) {
                    insert(i * 2000 + 1, i * 2000 + 2000);
                }
            });
            for (int i = 0; i < 3; i++) {
                streaming(receiver);
                killReceiving();
            }
            load.join();
            archivedPast(now(), receiver);
        }
        List<WalObject> archived = new WalArchive(scene.store(), scene.keys(), SOURCE).list();
        assertThat(archived.stream().map(WalObject::name)).doesNotHaveDuplicates().isNotEmpty();
        RecoverableRange range = RecoverableRanges.of(scene.store(), scene.keys(), SOURCE).get(0);
        assertThat(range.gap()).isEmpty();
        assertThat(restored(base, new RecoveryTarget.Latest())).isEqualTo("80000");
    }

    @Test
    void anotherReceiverGoesOnWhereTheFirstEnded() {
        Manifest base;
        try (WalReceiver first = receiver(Duration.ofMillis(300))) {
            first.start();
            streaming(first);
            base = scene.take();
            insert(1, 100);
        }
        insert(101, 3000);
        postgres.sql("postgres", "select pg_switch_wal()", "checkpoint", "select pg_switch_wal()", "checkpoint");
        try (WalReceiver second = receiver(Duration.ofMillis(300))) {
            second.start();
            streaming(second);
            insert(3001, 3100);
            archivedPast(now(), second);

            assertThat(second.status().gap()).isNull();
        }
        assertThat(restored(base, new RecoveryTarget.Latest())).isEqualTo("3100");
    }

    @Test
    void theWholeProcessKilledLeavesNothingBehindThatHoldsTheSlot() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ReceivingProcess.class.getName(), folder.toString(), String.valueOf(scene.db().port()),
                        scene.db().user(), scene.db().passwordFile().orElseThrow().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("process.log").toFile())
                .start();
        try {
            await().atMost(LONG).until(() -> active().equals("1"));
            Manifest base = scene.take();
            insert(1, 2000);

            process.destroyForcibly().waitFor();

            await().atMost(LONG).until(() -> active().equals("0"));
            insert(2001, 3000);
            try (WalReceiver receiver = receiver(Duration.ofMillis(300))) {
                receiver.start();
                archivedPast(now(), receiver);
            }
            assertThat(restored(base, new RecoveryTarget.Latest())).isEqualTo("3000");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aSegmentHalfMadeWhenTheProgramWasKilledIsReceivedAgain() throws Exception {
        Manifest base;
        try (WalReceiver receiver = receiver(Duration.ofMillis(300))) {
            receiver.start();
            streaming(receiver);
            base = scene.take();
            insert(1, 2000);
            archivedPast(now(), receiver);
        }
        try (WalReceiver receiver = receiver(Duration.ofMinutes(10))) {
            receiver.start();
            streaming(receiver);
            insert(2001, 2500);
            await().atMost(LONG).until(() -> segmentUnderWay().isPresent());
        }
        try (FileChannel partial = FileChannel.open(segmentUnderWay().orElseThrow(), StandardOpenOption.WRITE)) {
            partial.truncate(5_013_504);
        }
        insert(2501, 3000);
        try (WalReceiver receiver = receiver(Duration.ofMillis(300))) {
            receiver.start();
            archivedPast(now(), receiver);
            assertThat(receiver.status().gap()).isNull();
        }
        assertThat(restored(base, new RecoveryTarget.Latest())).isEqualTo("3000");
    }

    @Test
    void ofTwoNodesOneReceives() {
        try (WalReceiver one = receiver(Duration.ofSeconds(60));
                WalReceiver other = receiver(Duration.ofSeconds(60), folder.resolve("other"))) {
            one.start();
            streaming(one);
            await().atMost(LONG).until(() -> active().equals("1"));
            other.start();
            await().atMost(LONG).until(() -> other.status().state() == WalStatus.State.ELSEWHERE);

            one.close();

            await().atMost(LONG).until(() -> other.status().state() == WalStatus.State.STREAMING);
        }
    }

    @Test
    void walWaitsInTheSpoolWhileAStoreIsAway() throws Exception {
        try (WalReceiver receiver = receiver(Duration.ofMillis(300))) {
            receiver.start();
            streaming(receiver);
            Manifest base = scene.take();
            Path backups = folder.resolve("backups");
            Files.move(backups, folder.resolve("away"));
            Files.writeString(backups, "no folder");
            insert(1, 2000);

            await().atMost(LONG).until(() -> receiver.status().trouble() != null);
            await().atMost(LONG).untilAsserted(() -> assertThat(alarms).anyMatch(text -> text.contains("waits in the spool")));

            Files.delete(backups);
            Files.move(folder.resolve("away"), backups);
            archivedPast(now(), receiver);
            assertThat(receiver.status().trouble()).isNull();
            assertThat(restored(base, new RecoveryTarget.Latest())).isEqualTo("2000");
        }
    }

    @Test
    void aLostSlotIsAGapUntilTheNextBaseBackup() throws Exception {
        try (WalReceiver receiver = receiver(Duration.ofMillis(300))) {
            receiver.start();
            streaming(receiver);
            scene.take();
            insert(1, 100);
            archivedPast(now(), receiver);
        }
        await().atMost(LONG).until(() -> active().equals("0"));
        postgres.sql("postgres", "select pg_drop_replication_slot('firedrill_shop_orders')");
        insert(101, 200);
        for (int i = 0; i < 4; i++) {
            postgres.sql("postgres", "select pg_switch_wal()", "checkpoint");
            insert(1000 * (i + 1), 1000 * (i + 1) + 10);
        }
        scene.emptyFolder(folder.resolve("spool"));
        try (WalReceiver receiver = receiver(Duration.ofMillis(300))) {
            receiver.start();
            await().atMost(LONG).until(() -> receiver.status().gap() != null);
            await().atMost(LONG).untilAsserted(() ->
                    assertThat(alarms).anyMatch(text -> text.contains("Take a base backup now: firedrill backup shop --kind physical")));

            scene.take();

            await().atMost(LONG).until(() -> receiver.status().gap() == null);
        }
    }

    @Test
    void walThatNoBaseBackupNeedsGoes() {
        try (WalReceiver receiver = receiver(Duration.ofMillis(300))) {
            receiver.start();
            streaming(receiver);
            Manifest first = scene.takeUnchecked();
            insert(1, 2000);
            archivedPast(now(), receiver);
            Manifest second = scene.take();
            insert(2001, 2100);
            archivedPast(now(), receiver);

            WalExpiry.run(scene.store(), SOURCE, false);
            assertThat(restored(first, new RecoveryTarget.Latest())).isEqualTo("2100");
            scene.remove(first);
            assertThat(WalExpiry.run(scene.store(), SOURCE, false)).isPositive();

            assertThat(restored(second, new RecoveryTarget.Latest())).isEqualTo("2100");
        }
    }

    private Optional<Path> segmentUnderWay() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("spool"))) {
            return files.filter(file -> file.toString().endsWith(".partial")).findFirst();
        }
    }

    private WalReceiver receiver(Duration unarchived) {
        return receiver(unarchived, folder.resolve("spool"));
    }

    private WalReceiver receiver(Duration unarchived, Path spool) {
        return new WalReceiver(SOURCE, scene.db(), unarchived, spool, scene.stores(), scene.keys(),
                new WalReceiver.Settings(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(500), 1L << 30),
                alarms::add, Clock.systemUTC());
    }

    private void streaming(WalReceiver receiver) {
        await().atMost(LONG).until(() -> receiver.status().state() == WalStatus.State.STREAMING && active().equals("1"));
    }

    private String active() {
        return postgres.value("postgres",
                "select count(*) from pg_replication_slots where active and slot_name = 'firedrill_shop_orders'");
    }

    private void killReceiving() {
        ProcessHandle.current().descendants()
                .filter(process -> process.info().command().filter(name -> name.endsWith("pg_receivewal")).isPresent())
                .forEach(ProcessHandle::destroyForcibly);
    }

    /** A transaction after the moment makes it reachable. */
    private void archivedPast(Instant moment, WalReceiver receiver) {
        postgres.sql("orders", "create table if not exists tick (at timestamptz)", "insert into tick values (now())");
        await().atMost(LONG).untilAsserted(() -> assertThat(receiver.status())
                .matches(status -> status.recoverableTo() != null && status.recoverableTo().isAfter(moment), "reaches " + moment));
    }

    private void insert(int from, int to) {
        postgres.sql("orders", "insert into item select n, repeat(md5(n::text), 8) from generate_series(%d, %d) n".formatted(from, to));
    }

    private Instant now() {
        return Instant.parse(postgres.value("postgres",
                "select to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
    }

    /** How many items there are at the target. */
    private String restored(Manifest base, RecoveryTarget target) {
        return scene.restored(base, target, "orders", "select count(*) from item");
    }
}
