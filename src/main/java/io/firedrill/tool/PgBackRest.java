package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * pgBackRest 2.41 or newer, through its command line and its JSON info.
 *
 * @param stanza as in its configuration
 * @param config its configuration file; absent for the one it finds itself
 * @param user whom it runs as, usually {@code postgres}; empty for Firedrill's own
 */
public record PgBackRest(String stanza, Optional<Path> config, String user) implements PhysicalTool {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSxxx").withZone(ZoneOffset.UTC);
    private static final String PROMOTE = "--target-action=promote";
    private static final String EXCLUSIVE = "--target-exclusive";
    private static final String ANNOTATION = "firedrill";
    private static final Duration SHORT = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofDays(2);

    /** {@code   backup: LABEL, status: invalid, total files checked: 969, total valid files: 968} and the line after it. */
    private static final Pattern VERIFIED = Pattern.compile("backup: (\\S+), status: ([a-z-]+),?([^\\n]*)\\n?([^\\n]*)");

    private static final Pattern NEW_LABEL = Pattern.compile("new backup label = (\\S+)");

    @Override
    public String name() {
        return "pgBackRest stanza " + stanza;
    }

    @Override
    public List<Held> backups() {
        JsonNode info = info();
        List<Held> held = new ArrayList<>();
        for (JsonNode backup : info.path("backup")) {
            held.add(held(info, backup));
        }
        return held;
    }

    private JsonNode info() {
        Command.Result<String> result = command("info", SHORT).with("--output=json").run();
        JsonNode info = result.succeeded() ? json(result.value()).path(0) : failed("info", result);
        int status = info.path("status").path("code").asInt(99);
        // 2: the stanza is there and has no backup yet.
        if (status != 0 && status != 2) {
            throw new Failure(
                            "pgbackrest-stanza",
                            "pgBackRest says of stanza '%s': %s.".formatted(stanza, info.path("status").path("message").asString("no answer")),
                            "Its backups cannot be listed or taken.",
                            "Check the stanza's name in the plan and run: pgbackrest --stanza=%s check".formatted(stanza))
                    .lasting();
        }
        return info;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            throw new Failure("pgbackrest-failed", "pgBackRest's answer is no JSON: " + e.getOriginalMessage(),
                            "Its backups cannot be listed.", "Check that pgbackrest on this host is version 2.41 or newer.")
                    .lasting(e);
        }
    }

    private static Held held(JsonNode info, JsonNode backup) {
        JsonNode database = database(info, backup.path("database").path("id").asInt());
        return new Held(
                backup.path("label").asString(""),
                backup.path("annotation").path(ANNOTATION).asString(""),
                backup.path("type").asString("").equals("full"),
                backup.path("reference").valueStream().map(label -> label.asString("")).toList(),
                Instant.ofEpochSecond(backup.path("timestamp").path("start").asLong()),
                Instant.ofEpochSecond(backup.path("timestamp").path("stop").asLong()),
                Lsn.parse(backup.path("lsn").path("start").asString("0/0")),
                Lsn.parse(backup.path("lsn").path("stop").asString("0/0")),
                Long.parseLong(backup.path("archive").path("start").asString("00000000").substring(0, 8), 16),
                backup.path("info").path("size").asLong(),
                backup.path("info").path("repository").path("delta").asLong(),
                database.path("system-id").asLong(),
                database.path("version").asString("0").startsWith("9.") ? 9
                        : Integer.parseInt(database.path("version").asString("0").split("\\.")[0]),
                backup.path("error").asBoolean(false) ? State.DAMAGED : State.WHOLE);
    }

    private static JsonNode database(JsonNode info, int id) {
        return info.path("db").valueStream().filter(db -> db.path("id").asInt() == id).findFirst().orElse(info.path("none"));
    }

    @Override
    public Held take(boolean incremental, String name) {
        // What its retention does not keep goes when that is asked for, not before the new backup is checked.
        Command.Result<String> result = command("backup", LONG)
                .with("--type=" + (incremental ? "incr" : "full"), "--annotation=%s=%s".formatted(ANNOTATION, name),
                        "--no-expire-auto", "--log-level-console=info")
                .run();
        if (!result.succeeded()) {
            throw failure("backup", result);
        }
        Matcher label = NEW_LABEL.matcher(result.value());
        List<Held> all = backups();
        // With the log turned off there is no label to read; then the newest is the one.
        return label.find()
                ? all.stream().filter(held -> held.label().equals(label.group(1))).findFirst().orElseGet(all::getLast)
                : all.getLast();
    }

    /** Its exit status is 0 even for damage; the text tells. */
    @Override
    public @Nullable String verify(String label) {
        Command.Result<String> result = command("verify", LONG).with("--output=text", "--verbose").run();
        if (!result.succeeded()) {
            throw failure("verify", result);
        }
        Matcher backup = VERIFIED.matcher(result.value());
        while (backup.find()) {
            if (backup.group(1).equals(label)) {
                return backup.group(2).equals("valid") ? null
                        : "pgbackrest verify says %s:%s; %s".formatted(backup.group(2), backup.group(3), backup.group(4).strip());
            }
        }
        return "pgbackrest verify does not name it: " + result.value().strip();
    }

    @Override
    public void expire() {
        Command.Result<String> result = command("expire", SHORT).run();
        if (!result.succeeded()) {
            throw failure("expire", result);
        }
    }

    /** Its {@code check} does just this. */
    @Override
    public void archiveWal() {
        Command.Result<String> result = command("check", SHORT).run();
        if (!result.succeeded()) {
            throw failure("check", result);
        }
    }

    /** Exit status 1: not in the archive. */
    @Override
    public boolean fetchWal(String name, Path into) {
        Command.Result<String> result = RunAs.reaching(user, bare("archive-get"))
                .with("--no-archive-async", name, into.resolve(name).toString())
                .withDeadline(SHORT)
                .run();
        if (!result.succeeded() && result.exit() != 1) {
            throw failure("archive-get", result);
        }
        return result.succeeded();
    }

    @Override
    public void restore(String label, Path into, Path tablespaces, RecoveryTarget target) {
        Command.Result<String> result = RunAs.reaching(user, bare("restore"))
                .withDeadline(LONG)
                .with("--set=" + label, "--pg1-path=" + into, "--tablespace-map-all=" + tablespaces, "--archive-mode=off")
                .with(target(target).toArray(String[]::new))
                .run();
        if (!result.succeeded()) {
            throw failure("restore", result);
        }
    }

    private static List<String> target(RecoveryTarget target) {
        return switch (target) {
            case RecoveryTarget.Latest all -> List.of("--type=default");
            case RecoveryTarget.Immediate consistent -> List.of("--type=immediate", PROMOTE);
            case RecoveryTarget.Time time -> List.of("--type=time", "--target=" + TIME.format(time.at()), PROMOTE);
            case RecoveryTarget.Before before -> List.of("--type=lsn", "--target=" + before.lsn(), EXCLUSIVE, PROMOTE);
            case RecoveryTarget.Through through -> List.of("--type=lsn", "--target=" + through.lsn(), PROMOTE);
            case RecoveryTarget.BeforeTransaction before ->
                List.of("--type=xid", "--target=" + before.xid(), EXCLUSIVE, PROMOTE);
            case RecoveryTarget.Named named -> List.of("--type=name", "--target=" + named.name(), PROMOTE);
        };
    }

    private Command command(String verb, Duration deadline) {
        return RunAs.user(user, bare(verb)).withDeadline(deadline);
    }

    private Command bare(String verb) {
        Command command = Command.of(Programs.find("pgbackrest"), "--stanza=" + stanza);
        return (config.isPresent() ? command.with("--config=" + config.get()) : command).with(verb);
    }

    private JsonNode failed(String verb, Command.Result<String> result) {
        throw failure(verb, result);
    }

    /** Exit statuses are those of its error codes (source: src/build/error/error.yaml). */
    private FailureException failure(String verb, Command.Result<String> result) {
        String said = (result.stderr() + "\n" + result.value()).strip().replaceAll("\\s+", " ");
        String what = "pgbackrest %s of stanza '%s' failed (exit %d): %s".formatted(verb, stanza, result.exit(), said);
        if (said.contains("Permission denied")) {
            return new Failure("wrong-user", what, "Nothing was done.",
                            "Name the user that owns the repository in the plan (user:), usually postgres.")
                    .lasting();
        }
        Map<Integer, Failure> known = Map.of(
                50, new Failure("backup-running", what, "Another pgBackRest works on this stanza; nothing was done twice.",
                        "Wait until it is done, then try again."),
                56, new Failure("server-unreachable", what, "There is no new backup; earlier ones are untouched.",
                        "Check that PostgreSQL runs and that pgBackRest's configuration names its socket and port."),
                58, new Failure("server-unreachable", what, "There is no new backup; earlier ones are untouched.",
                        "Check that PostgreSQL runs, then try again."),
                82, new Failure("wal-not-archived", what, "Without its WAL the backup is no good; it does not count.",
                        "Check archive_command on the server and run: pgbackrest --stanza=%s check".formatted(stanza)));
        Failure failure = known.getOrDefault(result.exit(), new Failure("pgbackrest-failed", what,
                "This step was not finished; earlier backups are untouched.",
                "Cure what it says, then run: pgbackrest --stanza=%s check".formatted(stanza)));
        return known.containsKey(result.exit()) ? failure.passing() : failure.lasting();
    }
}
