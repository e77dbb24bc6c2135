package io.firedrill.diagnosis.server;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.ServerPlan;
import io.firedrill.tool.Command;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks into the data directory of a server that does not answer: what it lacks, and how it ended. */
final class ServerFolder {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final List<String> NEEDED = List.of("PG_VERSION", "global/pg_control", "global/pg_filenode.map", "base", "pg_wal", "pg_xact");
    private static final Set<PosixFilePermission> TOO_MUCH = PosixFilePermissions.fromString("----w-rwx");

    /** Transactions whose commit status one file of pg_xact holds: 32 pages of 8192 bytes, four transactions a byte. */
    private static final long TRANSACTIONS_PER_FILE = 32L * 8192 * 4;

    private final ServerPlan place;
    private final String server;
    private final List<Signal> signals = new ArrayList<>();

    ServerFolder(ServerPlan place, String server) {
        this.place = place;
        this.server = server;
    }

    /** Empty when it cannot be looked into. */
    List<Signal> look() {
        Path data = place.data();
        if (!Files.isDirectory(data)) {
            damaged("The data directory %s is not there.".formatted(data));
            return signals;
        }
        if (!Files.isExecutable(data)) {
            return signals;
        }
        signals.addAll(Disks.full(server, Map.of("data", data, "WAL", data.resolve("pg_wal"))));
        permissions(data);
        for (String name : NEEDED) {
            if (!Files.exists(data.resolve(name)) || isEmptyFolder(data.resolve(name))) {
                damaged("%s of its data directory is gone.".formatted(name));
            }
        }
        if (signals.stream().noneMatch(signal -> signal.sign() == Sign.SERVER_FILES_DAMAGED)) {
            Map<String, String> control = control();
            beginning(control);
            ended(control.getOrDefault("Database cluster state", ""));
        }
        return signals;
    }

    /** Whether the process that wrote the lock file lives. */
    static Optional<Long> livingProcess(Path data) {
        try (Stream<String> lines = Files.lines(data.resolve("postmaster.pid"))) {
            return lines.findFirst().map(String::strip).map(Long::parseLong).filter(pid -> ProcessHandle.of(pid).isPresent());
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    static String howToStart(ServerPlan place) {
        return "Start it: %s.".formatted(
                place.byPgCtl() ? "pg_ctl start -D " + place.data() : String.join(" ", place.start()));
    }

    private void permissions(Path data) {
        try {
            if (Files.getPosixFilePermissions(data).stream().anyMatch(TOO_MUCH::contains)) {
                signals.add(Signal.damage(Sign.BAD_PERMISSIONS, server,
                        "Others than its owner may use the data directory %s; PostgreSQL does not start on it.".formatted(data),
                        "Run: chmod 0700 %s, then start it.".formatted(data)));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // A file system without such permissions.
        }
    }

    /** Recovery after a crash begins with this WAL file and needs the commit status of the newest transactions. */
    private void beginning(Map<String, String> control) {
        String wal = control.getOrDefault("Latest checkpoint's REDO WAL file", "");
        if (!wal.isEmpty() && !Files.exists(place.data().resolve("pg_wal").resolve(wal))) {
            damaged("The WAL file %s, which it must begin with, is gone.".formatted(wal));
        }
        String next = control.getOrDefault("Latest checkpoint's NextXID", "");
        if (next.contains(":")) {
            long xid = Long.parseLong(next.substring(next.indexOf(':') + 1).strip());
            String file = "%04X".formatted((xid - 1) / TRANSACTIONS_PER_FILE);
            if (!Files.exists(place.data().resolve("pg_xact").resolve(file))) {
                damaged("pg_xact/%s, which tells what was committed, is gone.".formatted(file));
            }
        }
    }

    private void ended(String state) {
        if (livingProcess(place.data()).isEmpty() && !state.isEmpty()) {
            signals.add(Signal.damage(Sign.SERVER_DEAD, server,
                    state.startsWith("shut down") ? "It was shut down in order." : "It ended without shutting down (%s).".formatted(state),
                    howToStart(place)));
        }
    }

    private Map<String, String> control() {
        Map<String, String> facts = new LinkedHashMap<>();
        try {
            Command.Result<String> result =
                    Command.of(Programs.find("pg_controldata"), "-D", place.data().toString()).withDeadline(DEADLINE).run();
            result.value().lines().filter(line -> line.contains(":")).forEach(line ->
                    facts.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip()));
            if (!result.succeeded()) {
                damaged("pg_controldata cannot read it: %s.".formatted(result.stderr().strip()));
            }
        } catch (FailureException e) {
            // No such program here, or it hangs: the log may tell more.
        }
        return facts;
    }

    private static boolean isEmptyFolder(Path path) {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private void damaged(String text) {
        signals.add(Signal.damage(Sign.SERVER_FILES_DAMAGED, server, text, null));
    }
}
