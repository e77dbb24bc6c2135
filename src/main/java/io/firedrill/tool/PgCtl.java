package io.firedrill.tool;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code pg_ctl} on one data directory, as the user that owns it. Whether a server runs there is told by its
 * {@code postmaster.pid} and the process itself, as pg_ctl says nothing of a directory that lacks files.
 *
 * @param user empty: the one that Firedrill runs as
 */
public record PgCtl(Path data, String user) {
    private static final Duration START = Duration.ofMinutes(15);
    private static final Duration STOP = Duration.ofMinutes(2);
    private static final int POLL_MILLIS = 100;
    private static final int SHOWN = 5;

    /** Who owns a data directory when nobody says so. */
    public static String usualUser() {
        return LocalPostgres.root() ? "postgres" : "";
    }

    /** Starts it and waits until it takes sessions; a server that runs already is fine. Lasting failure {@code server-not-started}. */
    public void start(Path log) {
        if (!running()) {
            start("-w", log, Map.of());
        }
    }

    /** Starts it and does not wait, as one that has WAL to replay takes no sessions before; settings win over its files. */
    public void begin(Path log, Map<String, String> settings) {
        start("-W", log, settings);
    }

    private void start(String wait, Path log, Map<String, String> settings) {
        Command start = Command.of(Programs.find("pg_ctl"), "start", wait, "-s", "-D", data.toString(), "-l", log.toString(),
                        "-t", String.valueOf(START.toSeconds()), "-o", options(settings))
                .withDeadline(START.plusSeconds(10));
        Command.Result<String> result = asOwner(start.behind(List.of(Programs.find("setsid"), "--wait"))).run();
        if (!result.succeeded()) {
            throw new Failure("server-not-started",
                            "The server of %s does not start: %s".formatted(data, said(result) + lastWords(log)),
                            "Its data directory is as it was.", "Look into its log, %s, then try again.".formatted(log))
                    .lasting();
        }
    }

    /** pg_ctl hands these to a shell. */
    private static String options(Map<String, String> settings) {
        return settings.entrySet().stream()
                .map(setting -> "-c '" + (setting.getKey() + "=" + setting.getValue()).replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
    }

    private static String said(Command.Result<String> result) {
        return (result.stderr() + result.value()).strip();
    }

    /** What it wrote to its log about giving up; empty when nothing. */
    public static String lastWords(Path log) {
        try {
            String text = Files.readString(log, StandardCharsets.ISO_8859_1);
            List<String> telling = text.lines().filter(line -> line.matches(".*(FATAL|PANIC):.*")).toList();
            return telling.isEmpty() ? "" : "; its log: " + String.join("; ",
                    telling.subList(Math.max(0, telling.size() - SHOWN), telling.size()).stream()
                            .map(line -> line.replaceFirst(".*(FATAL|PANIC):", "$1:"))
                            .toList());
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends sessions and stops; one that does not heed is ended at once, as after a crash. Lasting failure {@code server-not-stopped}. */
    public void stop() {
        Optional<ProcessHandle> postmaster = postmaster();
        if (postmaster.isEmpty()) {
            return;
        }
        Command stop = Command.of(Programs.find("pg_ctl"), "stop", "-w", "-s", "-m", "fast", "-D", data.toString(),
                        "-t", String.valueOf(STOP.toSeconds()))
                .withDeadline(STOP.plusSeconds(10));
        Command.Result<String> polite = asOwner(stop).run();
        if (running()) {
            // SIGQUIT: PostgreSQL's immediate shutdown; pg_ctl refuses a directory that lacks PG_VERSION.
            asOwner(Command.of("/bin/kill", "-QUIT", String.valueOf(postmaster.get().pid()))).run();
            requireStopped(said(polite));
        }
    }

    /** Waits a little. Lasting failure {@code server-not-stopped}. */
    public void requireStopped(String why) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (running()) {
            if (System.nanoTime() > end) {
                throw new Failure("server-not-stopped",
                                "The server of %s still runs. %s".formatted(data, why).strip(),
                                "A data directory in use is never renamed; nothing was changed.",
                                "Stop it by hand, then try again.")
                        .lasting();
            }
            rest();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "Stopping a server was cancelled.", "It may still run.", "Start the step again.").passing(e);
        }
    }

    public boolean running() {
        return postmaster().isPresent();
    }

    private Optional<ProcessHandle> postmaster() {
        try {
            long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid"), StandardCharsets.ISO_8859_1).getFirst().strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(process -> isIn(pid));
        } catch (IOException | NumberFormatException | java.util.NoSuchElementException e) {
            return Optional.empty();
        }
    }

    /** A server's working directory is its data directory: the number may be another program's by now. */
    private boolean isIn(long pid) {
        Path cwd = Path.of("/proc", String.valueOf(pid), "cwd");
        try {
            return !Files.exists(cwd) || cwd.toRealPath().equals(data.toRealPath());
        } catch (IOException e) {
            return true;
        }
    }

    /** A folder below a private home that the owner cannot search by itself is reached by root's leave. */
    private Command asOwner(Command command) {
        Path parent = data.toAbsolutePath().getParent();
        boolean reached = !LocalPostgres.root() || user.isEmpty()
                || RunAs.user(user, Command.of("test", "-x", String.valueOf(parent))).run().succeeded();
        return (reached ? RunAs.user(user, command) : RunAs.reaching(user, command)).withDirectory(Path.of("/"));
    }
}
