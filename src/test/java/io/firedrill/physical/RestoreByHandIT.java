package io.firedrill.physical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firedrill.backup.PhysicalScene;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of docs/backup-format.md bring a server back to a moment, without Firedrill. */
class RestoreByHandIT {
    private static final Pattern BLOCK = Pattern.compile("```sh a server at a moment\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void thePagesLinesRestoreAServerAtAMoment() throws Exception {
        ThrowawayPostgres postgres = ThrowawayPostgres.start();
        Path home = Files.createTempDirectory("firedrill-test-by-hand");
        LocalPostgres.own(home);
        try (PhysicalScene scene = new PhysicalScene(folder, postgres.create("orders"));
                WalReceiver receiver = new WalReceiver(new WalSource("shop", "orders"), scene.db(), Duration.ofMillis(300),
                        folder.resolve("spool"), scene.stores(), scene.keys(), WalReceiver.Settings.USUAL, text -> {},
                        Clock.systemUTC())) {
            receiver.start();
            Manifest base = scene.take();
            postgres.sql("orders", "create table item as select n from generate_series(1, 777) n");
            String moment = postgres.value("postgres", "select clock_timestamp()");
            postgres.sql("orders", "delete from item", "create table later (n int)");
            Instant end = Clock.systemUTC().instant();
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                postgres.sql("orders", "insert into later values (1)");
                Instant to = receiver.status().recoverableTo();
                return to != null && to.isAfter(end);
            });
            LocalPostgres server = new LocalPostgres(home, Ports.free());

            run(server, script(), Map.of(
                    "STORE", scene.store().address(),
                    "BACKUP", "shop/" + base.id(),
                    "WAL", "shop/orders-wal/" + base.cluster().systemIdentifier(),
                    "KEY", scene.keyFile().toString(),
                    "NEW", server.data().toString(),
                    "MOMENT", moment,
                    "PORT", String.valueOf(server.port())));

            try {
                assertThat(server.running()).isTrue();
                server.stop();
                assertThat(scene.ask(server, "orders", "select count(*) from item")).isEqualTo("777");
            } finally {
                server.stop();
                scene.emptyFolder(home);
            }
        } finally {
            Files.delete(home);
            postgres.remove();
        }
    }

    private static String script() throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(Path.of("docs/backup-format.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    /** As the user that PostgreSQL runs as, stopping at the first line that fails. */
    private static void run(LocalPostgres server, String script, Map<String, String> names) {
        String path = Path.of(Programs.find("pg_ctl")).getParent() + ":" + System.getenv("PATH");
        Path log = server.folder().resolve("by-hand.log");
        // A server that inherits our pipes would keep them open for as long as it runs.
        Command.Result<String> result = server.unprivileged(
                        Command.of("bash", "-euc", "exec > '" + log + "' 2>&1 < /dev/null\n" + script))
                .withEnvironment(names)
                .withEnvironment(Map.of("PATH", path))
                .withDeadline(Duration.ofMinutes(2))
                .run();
        assertThat(result.exit()).as(() -> read(log)).isZero();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
