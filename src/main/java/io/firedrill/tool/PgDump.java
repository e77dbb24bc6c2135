package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import java.io.OutputStream;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code pg_dump}: one database as a custom-format archive. */
public final class PgDump {
    private static final Duration DEADLINE = Duration.ofDays(7);
    private static final String LOCK_WAIT = "60s";
    private static final Pattern VERSION = Pattern.compile("(\\d+)(?:\\.\\d+)*");
    private static final byte[] MAGIC = {'P', 'G', 'D', 'M', 'P'};

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

    /** Lasting failure {@code tools-too-old} when the server is of a newer major version than pg_dump here. */
    public static void requireFor(Database db, String serverVersion, int serverVersionNum) {
        String own = version();
        int server = serverVersionNum / 10_000;
        if (Integer.parseInt(own.split("\\.")[0]) < server) {
            throw new Failure(
                            "tools-too-old",
                            "%s is PostgreSQL %s, pg_dump on this host is %s.".formatted(db.address(), serverVersion, own),
                            "pg_dump does not read servers newer than itself: there is no new backup.",
                            "Install postgresql-client-%d on this host (apt-get install postgresql-client-%d)."
                                    .formatted(server, server))
                    .lasting();
        }
    }

    /**
     * Dumps the exported snapshot, uncompressed, into {@code out}, which is neither closed nor to be trusted before this
     * returns: on any failure of pg_dump this throws after part of an archive may have been written.
     */
    public static void dump(Database db, String snapshot, OutputStream out, long expectedBytes, Progress progress) {
        Command dump = PgConnectionArguments.connect(
                Command.of(Programs.find("pg_dump"), "--format=custom", "--compress=0", "--no-password",
                                "--snapshot=" + snapshot, "--lock-wait-timeout=" + LOCK_WAIT, "--quote-all-identifiers")
                        .withDeadline(DEADLINE),
                "--dbname", db);
        HeadKeeper head = new HeadKeeper(MAGIC.length);
        Command.Result<Long> result = dump.run(Command.Input.NONE,
                stdout -> Copying.to(stdout, head.before(out), n -> progress.at("pg_dump", n, expectedBytes, "bytes")));
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
}
