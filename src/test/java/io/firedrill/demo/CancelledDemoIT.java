package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.firedrill.client.Homes;
import io.firedrill.client.ServerProcess;
import io.firedrill.engine.ChildProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.HomeLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real command {@code demo}, sent real signals while it starts and plays: nothing that it started lives on. */
class CancelledDemoIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    private Home demo;
    private Process process;

    @BeforeEach
    void play() throws IOException {
        demo = Homes.demo(new Home(folder.resolve("a home")));
        process = firedrill("first.out", "demo", "--yes");
    }

    @AfterEach
    void leaveNothing() {
        process.destroyForcibly();
        new ServerProcess(demo).stop();
        World.stop(demo);
    }

    /** In a session and process group of its own, as a shell gives a terminal's foreground job one. */
    private Process firedrill(String output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                        "setsid", "env", "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                        "-Dfiredrill.home=" + demo.folder().getParent(),
                        "-Dfiredrill.dist=" + Homes.dist(),
                        "-cp", System.getProperty("java.class.path"),
                        "io.firedrill.cli.Firedrill"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(folder.resolve(output).toFile())
                .start();
    }

    @ParameterizedTest(name = "{0}, {1} times, when {2}")
    @CsvSource({
        "INT, 1, primary is made",
        "INT, 30, primary runs",
        "TERM, 1, server begins",
        "INT, 1, state database is made",
        "INT, 3, broker runs",
        "INT, 1, backup runs",
    })
    void nothingOfItLivesOnAfterASignal(String signal, int times, String moment) throws Exception {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> reached(moment).getAsBoolean() || !process.isAlive());
        assertThat(process.isAlive()).as(output("first.out")).isTrue();

        for (int time = 0; time < times; time++) {
            // A terminal's Ctrl-C reaches the whole group, what the demo runs just now included.
            new ProcessBuilder("kill", "-" + signal, "--", "-" + process.pid()).start().waitFor();
        }

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("the demo ended").isTrue();
        assertThat(process.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
        assertThat(output("first.out")).contains("Cancelled; stopping", "Nothing of the demo is running");
        assertThat(output("first.out")).doesNotContain("Exception", "Firedrill met something");
        assertThat(alive()).isEmpty();
        assertThat(HomeLock.holder(HomeLock.ofDemo(demo))).isEmpty();
    }

    @Test
    void aSecondDemoInTheSameHomeIsRefusedAndAKilledOneLeavesNoLock() throws Exception {
        await().atMost(PATIENCE).until(() -> reached("primary runs").getAsBoolean());

        assertThat(ended("second.out", "demo", "--yes")).isEqualTo(1);
        assertThat(output("second.out"))
                .contains("Another demo is playing in " + demo.folder() + ": process " + process.pid())
                .contains("nothing was started");
        assertThat(process.isAlive()).as("the first plays on").isTrue();

        process.destroyForcibly().waitFor();
        assertThat(Files.readString(HomeLock.ofDemo(demo))).as("the file stays").isEqualTo(process.pid() + "\n");
        try (HomeLock free = HomeLock.take(HomeLock.ofDemo(demo)).orElseThrow()) {
            assertThat(HomeLock.take(HomeLock.ofDemo(demo))).as("but one at a time").isEmpty();
        }
    }

    @Test
    void whatAKilledDemoAndItsKilledServerLeaveIsToldByStatusAndStoppedByDown() throws Exception {
        await().atMost(PATIENCE).until(() -> reached("broker runs").getAsBoolean());
        process.destroyForcibly().waitFor();
        ProcessHandle server = new ChildProcess(demo.folder().resolve("server.pid")).alive().orElseThrow();
        server.destroyForcibly();
        server.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(alive()).as("what it started lives on").isNotEmpty();

        assertThat(ended("status.out", "status")).isEqualTo(4);
        assertThat(output("status.out")).contains("still running: engine, state database", "firedrill down");
        assertThat(ended("down.out", "down")).isZero();
        assertThat(output("down.out")).contains("Stopped of the demo: engine, state database, its PostgreSQL servers");
        assertThat(alive()).isEmpty();
        assertThat(ended("again.out", "down")).isZero();
        assertThat(output("again.out")).contains("Nothing was running.");
    }

    @Test
    void downEndsADemoThatPlays() throws Exception {
        await().atMost(PATIENCE).until(() -> reached("server begins").getAsBoolean());
        assertThat(ended("down.out", "down")).isZero();
        assertThat(output("down.out")).contains("the demo that was playing (process " + process.pid() + ")");
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(alive()).isEmpty();
    }

    private int ended(String output, String... arguments) throws Exception {
        Process command = firedrill(output, arguments);
        assertThat(command.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return command.exitValue();
    }

    private BooleanSupplier reached(String moment) {
        Places places = new Places(demo);
        return switch (moment) {
            case "primary is made" -> () -> Files.exists(places.primary().resolve("data"));
            case "primary runs" -> () -> ready(places.primary().resolve("data/postmaster.pid"));
            case "server begins" -> () -> new ChildProcess(demo.folder().resolve("server.pid")).alive().isPresent();
            case "state database is made" -> () -> Files.exists(demo.stateDatabase().resolve("data"));
            case "broker runs" -> () -> new ChildProcess(demo.engine().resolve("broker.pid")).alive().isPresent();
            case "backup runs" -> () -> output("first.out").contains("Plan the backup");
            default -> throw new IllegalArgumentException(moment);
        };
    }

    /** While initdb works the file is there too, without that word. */
    private static boolean ready(Path pidFile) {
        try {
            return Files.readString(pidFile).contains("ready");
        } catch (IOException e) {
            return false;
        }
    }

    private String output(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every process of this host that names the home in its command line or works below it. */
    private List<String> alive() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            return all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .filter(path -> !path.endsWith(String.valueOf(ProcessHandle.current().pid())))
                    .filter(this::ours)
                    .map(path -> path.getFileName() + " " + commandLine(path))
                    .toList();
        }
    }

    private boolean ours(Path proc) {
        try {
            return commandLine(proc).contains(folder.toString()) || Files.readSymbolicLink(proc.resolve("cwd")).startsWith(folder);
        } catch (IOException e) {
            // Ended meanwhile, or the kernel's own.
            return false;
        }
    }

    private static String commandLine(Path proc) {
        try {
            return new String(Files.readAllBytes(proc.resolve("cmdline")), StandardCharsets.UTF_8).replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }
}
