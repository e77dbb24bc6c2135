package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code pg_dump}: one database as a custom-format archive. */
public final class PgDump {
    private static final Duration DEADLINE = Duration.ofDays(7);
    private static final Duration DEFINITIONS_DEADLINE = Duration.ofMinutes(10);
    private static final String LOCK_WAIT = "60s";
    private static final Pattern VERSION = Pattern.compile("(\\d+)(?:\\.\\d+)*");
    private static final byte[] MAGIC = {'P', 'G', 'D', 'M', 'P'};

    /** The same value always has the same text; the rest pg_dump sets by itself. */
    private static final Map<String, String> CANONICAL = Map.of("PGTZ", "UTC", "PGOPTIONS", "");

    private PgDump() {}

    /** As the program says, e.g. {@code 15.20}. */
    public static String version() {
        return version("pg_dump");
    }

    static String version(String program) {
        String said = Command.of(Programs.find(program), "--version").run().value().strip();
        Matcher matcher = VERSION.matcher(said);
        return matcher.find() ? matcher.group() : said;
    }

    static int major(String version) {
        return Integer.parseInt(version.split("\\.")[0]);
    }

    /** Lasting failure {@code tools-too-old} when the server is of a newer major version than pg_dump here. */
    public static void requireFor(Database db, String serverVersion, int serverVersionNum) {
        String own = version();
        int server = serverVersionNum / 10_000;
        if (major(own) < server) {
            throw new Failure(
                            "tools-too-old",
                            "%s is PostgreSQL %s, pg_dump on this host is %s.".formatted(db.address(), serverVersion, own),
                            "pg_dump does not read servers newer than itself: there is no new backup.",
                            "Install postgresql-client-%d on this host (apt-get install postgresql-client-%d), then try again."
                                    .formatted(server, server))
                    .lasting();
        }
    }

    /**
     * @param snapshot as exported
     * @param encoding the database's own, so that no text is converted
     * @param expectedBytes for the progress
     */
    public record Wanted(String snapshot, String encoding, long expectedBytes) {}

    /**
     * Dumps the exported snapshot, uncompressed, into {@code out}, which is neither closed nor to be trusted before this
     * returns: on any failure of pg_dump this throws after part of an archive may have been written.
     */
    public static void dump(Database db, Wanted wanted, OutputStream out, Progress progress) {
        Command dump = PgConnectionArguments.connect(
                Command.of(Programs.find("pg_dump"), "--format=custom", "--compress=0", "--no-password",
                                "--snapshot=" + wanted.snapshot(), "--encoding=" + wanted.encoding(),
                                "--lock-wait-timeout=" + LOCK_WAIT, "--quote-all-identifiers")
                        .withEnvironment(CANONICAL)
                        .withDeadline(DEADLINE),
                "--dbname", db);
        HeadKeeper head = new HeadKeeper(MAGIC.length);
        Command.Result<Long> result = dump.run(Command.Input.NONE,
                stdout -> Copying.to(stdout, head.before(out), n -> progress.at("pg_dump", n, wanted.expectedBytes(), "bytes")));
        if (!result.succeeded()) {
            throw PgToolFailures.of(db, "pg_dump", result);
        }
        if (!head.startsWith(MAGIC)) {
            throw new Failure(
                            "empty-dump",
                            "pg_dump of %s ended well but wrote no archive (%d bytes).".formatted(db.address(), result.value()),
                            "There is no new backup; earlier ones are untouched.",
                            "Check that pg_dump on this host is PostgreSQL's own: " + Programs.find("pg_dump"))
                    .lasting();
        }
    }

    /**
     * Definitions of single tables as SQL, without rows.
     *
     * @param tables patterns of pg_dump; a quoted name is taken as it is
     * @param section {@code pre-data} or {@code post-data}
     */
    public static String definitions(Database db, List<String> tables, String section) {
        Command dump = Command.of(Programs.find("pg_dump"), "--format=plain", "--no-password", "--section=" + section, "--encoding=UTF8",
                        "--lock-wait-timeout=" + LOCK_WAIT, "--quote-all-identifiers", "--strict-names")
                .withEnvironment(CANONICAL)
                .withDeadline(DEFINITIONS_DEADLINE);
        for (String table : tables) {
            dump = dump.with("--table=" + table);
        }
        Command.Result<String> result = PgConnectionArguments.connect(dump, "--dbname", db).run();
        if (!result.succeeded()) {
            throw PgToolFailures.of(db, "pg_dump", result);
        }
        return result.value();
    }
}
