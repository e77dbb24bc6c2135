package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Barman 3.3 or newer, through its command line and its JSON output.
 *
 * @param server as in its configuration
 * @param config its configuration file; absent for the one it finds itself
 * @param user whom it runs as, usually {@code barman}; empty for Firedrill's own
 */
public record Barman(String server, Optional<Path> config, String user) implements PhysicalTool {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);
    private static final String WAL_SECONDS = "120";
    private static final Duration SHORT = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofDays(2);

    @Override
    public String name() {
        return "Barman server " + server;
    }

    @Override
    public List<Held> backups() {
        List<Held> held = new ArrayList<>();
        for (JsonNode backup : ask("list-backups", server).path(server)) {
            held.add(show(backup.path("backup_id").asString("")));
        }
        held.sort(Comparator.comparing(Held::startedAt));
        return held;
    }

    private Held show(String label) {
        JsonNode shown = ask("show-backup", server, label).path(server);
        JsonNode base = shown.path("base_backup_information");
        return new Held(
                label,
                shown.path("backup_name").asString(""),
                true,
                List.of(),
                Instant.ofEpochSecond(base.path("begin_time_timestamp").asLong(0)),
                Instant.ofEpochSecond(base.path("end_time_timestamp").asLong(0)),
                Lsn.parse(base.path("begin_lsn").asString("0/0")),
                Lsn.parse(base.path("end_lsn").asString("0/0")),
                base.path("timeline").asLong(),
                base.path("disk_usage_bytes").asLong(),
                base.path("incremental_size_bytes").asLong(),
                shown.path("system_id").asLong(0),
                shown.path("postgresql_version").asInt() / 10_000,
                shown.path("status").asString("").equals("DONE") ? State.WHOLE : State.UNFINISHED);
    }

    /**
     * Barman copies the whole of it with its default method; {@code incremental} is as its configuration says. Its own
     * {@code --wait} is not used: with it Barman 3.4 forgets the name.
     */
    @Override
    public Held take(boolean incremental, String name) {
        Set<String> before = named(name).stream().map(Held::label).collect(Collectors.toSet());
        Optional<Held> waiting = named(name).stream().filter(Barman::copied).findFirst();
        if (waiting.isEmpty()) {
            run(LONG, "backup", "--name", name, server);
        }
        Held taken = waiting.or(() -> named(name).stream().filter(held -> !before.contains(held.label())).filter(Barman::copied).findFirst())
                .orElseThrow(() -> new Failure("barman-failed",
                                "barman backup of server '%s' ended well but there is no new backup.".formatted(server),
                                "Earlier backups are untouched.", "Run: barman check " + server)
                        .lasting());
        return taken.good() ? taken : withWal(taken);
    }

    private List<Held> named(String name) {
        return backups().stream().filter(held -> held.name().equals(name)).toList();
    }

    /** Whether the data directory was copied; its WAL may still be missing. */
    private static boolean copied(Held held) {
        return held.stoppedAt().isAfter(Instant.EPOCH);
    }

    private Held withWal(Held copied) {
        archiveWal();
        run(SHORT, "check-backup", server, copied.label());
        Held checked = show(copied.label());
        if (!checked.good()) {
            throw new Failure("wal-not-archived",
                            "Barman lacks WAL of backup %s of server '%s'.".formatted(copied.label(), server),
                            "Without its WAL the backup is no good; it does not count.",
                            "Check what brings the WAL to Barman: barman check " + server)
                    .passing();
        }
        return checked;
    }

    /** {@code pg_verifybackup} against the manifest that pg_basebackup wrote; rsync backups have none. */
    @Override
    public @Nullable String verify(String label) {
        Command.Result<String> result = command(LONG, "verify-backup", server, label).run();
        String said = (result.stderr() + " " + result.value()).strip().replaceAll("\\s+", " ");
        if (said.contains("pg_verifybackup not found") || said.contains("backup_manifest\": No such file")) {
            throw new Failure("not-verifiable", "barman cannot verify backup %s of server '%s': %s".formatted(label, server, said),
                            "Whether it is good is not known.",
                            "Install pg_verifybackup on Barman's host and set path_prefix; backups by rsync have no manifest to verify.")
                    .lasting();
        }
        return result.succeeded() && said.contains("successfully verified") ? null : said;
    }

    /** {@code barman cron} enforces the server's retention policy; it also keeps WAL streaming alive. */
    @Override
    public void expire() {
        run(SHORT, "cron");
    }

    @Override
    public void archiveWal() {
        run(SHORT, "switch-wal", "--force", "--archive", "--archive-timeout", WAL_SECONDS, server);
    }

    /** It has no exit status of its own for what is not there; the text tells. */
    @Override
    public boolean fetchWal(String name, Path into) {
        Path file = into.resolve(name);
        Command.Result<Long> result = command(SHORT, "get-wal", server, name).run(Command.Input.NONE, stdout -> Files.copy(stdout, file));
        if (result.succeeded() && result.value() > 0) {
            return true;
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (result.succeeded() || result.stderr().contains("not found")) {
            return false;
        }
        throw failure("get-wal", new Command.Result<>(result.exit(), "", result.stderr()), List.of());
    }

    @Override
    public void restore(String label, Path into, Path tablespaces, RecoveryTarget target) {
        List<String> spaces = ask("show-backup", server, label).path(server).path("tablespaces").valueStream()
                .map(space -> space.path("name").asString(""))
                .flatMap(name -> Stream.of("--tablespace", name + ":" + tablespaces.resolve(name)))
                .toList();
        String[] arguments = Stream.of(List.of("recover"), target(target), spaces, List.of(server, label, into.toString()))
                .flatMap(List::stream).toArray(String[]::new);
        Command.Result<String> result = RunAs.reaching(user, bare(arguments)).withDeadline(LONG).run();
        if (!result.succeeded()) {
            throw failure("recover", result, List.of());
        }
    }

    private static List<String> target(RecoveryTarget target) {
        List<String> arguments = new ArrayList<>(switch (target) {
            case RecoveryTarget.Latest all -> List.<String>of();
            case RecoveryTarget.Immediate consistent -> List.of("--target-immediate");
            case RecoveryTarget.Time time -> List.of("--target-time=" + TIME.format(time.at()));
            case RecoveryTarget.Before before -> List.of("--target-lsn=" + before.lsn(), "--exclusive");
            case RecoveryTarget.Through through -> List.of("--target-lsn=" + through.lsn());
            case RecoveryTarget.BeforeTransaction before -> List.of("--target-xid=" + before.xid(), "--exclusive");
            case RecoveryTarget.Named named -> List.of("--target-name=" + named.name());
        });
        if (!arguments.isEmpty()) {
            arguments.add("--target-action=promote");
        }
        return arguments;
    }

    private JsonNode ask(String... arguments) {
        Command.Result<String> result = command(SHORT, "-f", "json").with(arguments).run();
        try {
            JsonNode answer = JSON.readTree(result.value());
            JsonNode errors = answer.path("_ERROR");
            if (result.succeeded() && errors.isMissingNode()) {
                return answer;
            }
            throw failure(arguments[0], result, errors.valueStream().map(text -> text.asString("")).toList());
        } catch (JacksonException e) {
            throw failure(arguments[0], result, List.of());
        }
    }

    private void run(Duration deadline, String... arguments) {
        Command.Result<String> result = command(deadline, arguments).run();
        if (!result.succeeded()) {
            throw failure(arguments[0], result, List.of());
        }
    }

    private Command command(Duration deadline, String... arguments) {
        return RunAs.user(user, bare(arguments)).withDeadline(deadline);
    }

    private Command bare(String... arguments) {
        Command command = Command.of(Programs.find("barman"));
        return (config.isPresent() ? command.with("--config=" + config.get()) : command).with(arguments);
    }

    private FailureException failure(String verb, Command.Result<String> result, List<String> errors) {
        String said = errors.isEmpty()
                ? (result.stderr() + " " + result.value()).strip().replaceAll("\\s+", " ")
                : String.join("; ", errors);
        if (said.contains("nother backup process is running")) {
            return new Failure("backup-running", "barman %s of server '%s': %s".formatted(verb, server, said),
                            "Another backup of this server is being taken; nothing was done twice.",
                            "Wait until it is done, then try again.")
                    .passing();
        }
        if (said.contains("Permission denied")) {
            return new Failure("wrong-user", "barman %s of server '%s' as user '%s': %s".formatted(verb, server, user, said),
                            "Nothing was done.", "Name the user that owns Barman's folders in the plan (user:), usually barman.")
                    .lasting();
        }
        return new Failure("barman-failed", "barman %s of server '%s' failed (exit %d): %s".formatted(verb, server, result.exit(), said),
                        "This step was not finished; earlier backups are untouched.",
                        "Cure what it says, then run: barman check " + server)
                .lasting();
    }
}
