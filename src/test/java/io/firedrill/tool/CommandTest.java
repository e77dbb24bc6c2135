package io.firedrill.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandTest {
    @TempDir
    Path folder;

    private static Command sh(String script) {
        return Command.of("sh", "-c", script);
    }

    @Test
    void tellsExitOutputAndErrors() {
        var result = sh("echo out; echo err >&2; exit 3").run();
        assertThat(result.exit()).isEqualTo(3);
        assertThat(result.succeeded()).isFalse();
        assertThat(result.value()).isEqualTo("out\n");
        assertThat(result.stderr()).isEqualTo("err\n");
    }

    @Test
    void argumentsNeverPassThroughAShell() {
        assertThat(Command.of("echo", "$(id) `id` ; | *").run().value()).isEqualTo("$(id) `id` ; | *\n");
    }

    @Test
    void namesTheToolThatIsMissing() {
        assertFails("missing-tool", () -> Command.of("/nowhere/no-such-tool").run());
        assertThatThrownBy(() -> Command.of("/nowhere/no-such-tool").run()).hasMessageContaining("/nowhere/no-such-tool");
    }

    @Test
    void theDeadlineKillsTheProgramAndItsChildren() {
        Path pids = folder.resolve("pids");
        Command slow = sh("sleep 300 & echo $! > '%s'; echo $$ >> '%s'; wait".formatted(pids, pids))
                .withDeadline(Duration.ofSeconds(1));
        long began = System.nanoTime();
        assertFails("deadline-passed", slow::run);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
        assertGone(pids, 2);
    }

    @Test
    void anInterruptKillsTheProgram() throws Exception {
        Path pids = folder.resolve("pids");
        Thread caller = Thread.ofPlatform().start(() -> sh("echo $$ > '%s'; exec sleep 300".formatted(pids))
                .withDeadline(Duration.ofMinutes(5))
                .run());
        caller.setUncaughtExceptionHandler((thread, error) -> {});
        Awaitility.await().until(() -> Files.exists(pids) && Files.size(pids) > 0);
        caller.interrupt();
        caller.join(Duration.ofSeconds(20));
        assertThat(caller.isAlive()).isFalse();
        assertGone(pids, 1);
    }

    @Test
    void secretsGoThroughTheEnvironmentAndNotIntoTheArguments() {
        var db = new io.firedrill.plan.Database("orders", "127.0.0.1", 5432, "o'brien", "or ders",
                Map.of("sslmode", "require", "sslpassword", "hidden-too"), java.util.Optional.of(secretFile("s3cret\n")));
        Command command = PgConnectionArguments.connect(Command.of("pg_dump"), "--dbname", db);
        assertThat(command.arguments()).noneMatch(a -> a.contains("s3cret") || a.contains("hidden-too"));
        assertThat(command.arguments().get(1)).contains("sslmode='require'", "user='o\\'brien'", "dbname='or ders'");
        assertThat(command.environment()).containsEntry("PGPASSWORD", "s3cret");
    }

    private Path secretFile(String text) {
        try {
            return Files.writeString(folder.resolve("secret"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aFailingReaderKillsTheProgramAndIsWhatIsThrown() {
        Path pids = folder.resolve("pids");
        Command endless = sh("echo $$ > '%s'; exec yes".formatted(pids)).withDeadline(Duration.ofMinutes(5));
        assertFails("store-full", () -> endless.run(Command.Input.NONE, stdout -> {
            stdout.read();
            throw new Failure("store-full", "w", "m", "n").lasting();
        }));
        assertGone(pids, 1);
    }

    @Test
    void aReaderThatBreaksInAnUnforeseenWayKillsTheProgramToo() {
        Path pids = folder.resolve("pids");
        Command endless = sh("echo $$ > '%s'; exec yes".formatted(pids)).withDeadline(Duration.ofMinutes(5));
        assertThatThrownBy(() -> endless.run(Command.Input.NONE, stdout -> {
                    stdout.read();
                    throw new IllegalStateException("a mistake of ours");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertGone(pids, 1);
    }

    @Test
    void aFailingWriterKillsTheProgramBeforeItTakesHalfTheInputForAll() {
        Path taken = folder.resolve("taken-for-all");
        Command reader = sh("cat > /dev/null && touch '%s'".formatted(taken)).withDeadline(Duration.ofMinutes(5));
        for (int i = 0; i < 20; i++) {
            assertFails("corrupt-object", () -> reader.run(
                    stdin -> {
                        stdin.write("half".getBytes(StandardCharsets.UTF_8));
                        throw new Failure("corrupt-object", "w", "m", "n").lasting();
                    },
                    stdout -> stdout.readAllBytes()));
            assertThat(taken).doesNotExist();
        }
    }

    @Test
    void aSourceThatBreaksOffIsNotMistakenForAProgramThatWentAway() {
        assertFails("broken-pipe", () -> Command.of("cat").run(
                stdin -> {
                    throw new IOException("the disk under the source broke");
                },
                stdout -> stdout.readAllBytes()));
    }

    @Test
    void aProgramThatStopsReadingIsJudgedByItsExit() {
        var result = sh("head -c 1 > /dev/null; echo enough >&2; exit 7").run(
                stdin -> {
                    byte[] much = new byte[1 << 20];
                    for (int i = 0; i < 64; i++) {
                        stdin.write(much);
                    }
                },
                stdout -> stdout.readAllBytes());
        assertThat(result.exit()).isEqualTo(7);
        assertThat(result.stderr()).isEqualTo("enough\n");
    }

    @Test
    void outputLargerThanAnyPipeOnBothStreamsDoesNotBlock() {
        var result = sh("head -c 5000000 /dev/zero; head -c 5000000 /dev/zero | tr '\\0' e >&2; echo last >&2")
                .run(Command.Input.NONE, stdout -> stdout.readAllBytes().length);
        assertThat(result.value()).isEqualTo(5_000_000);
        assertThat(result.stderr()).hasSize(64 * 1024).endsWith("last\n");
    }

    @Test
    void inputAndOutputFlowAtTheSameTime() {
        var result = Command.of("cat").run(
                stdin -> stdin.write(new byte[20_000_000]), stdout -> stdout.readAllBytes().length);
        assertThat(result.value()).isEqualTo(20_000_000);
    }

    @Test
    void aBusyCommonPoolDoesNotHoldItUp() {
        var release = new java.util.concurrent.CountDownLatch(1);
        try {
            for (int i = 0; i < 64; i++) {
                java.util.concurrent.ForkJoinPool.commonPool().execute(() -> {
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            assertThat(Command.of("true").withDeadline(Duration.ofSeconds(10)).run().succeeded()).isTrue();
        } finally {
            release.countDown();
        }
    }

    @Test
    void runsInTheGivenFolderWithTheGivenEnvironmentInPlainEnglish() {
        var result = sh("pwd; echo $WHAT $LC_ALL").withDirectory(folder).withEnvironment(Map.of("WHAT", "x")).run();
        assertThat(result.value().lines().toList()).isEqualTo(List.of(folder.toString(), "x C.UTF-8"));
    }

    private static void assertFails(String code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(
                FailureException.class, e -> assertThat(e.failure().code()).isEqualTo(code));
    }

    private static void assertGone(Path pids, int count) {
        Awaitility.await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> assertThat(Files.readAllLines(pids))
                .hasSize(count)
                .allSatisfy(pid -> assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive)).isEmpty()));
    }
}
