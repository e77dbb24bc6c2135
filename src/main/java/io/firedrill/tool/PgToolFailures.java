package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.util.List;
import java.util.regex.Pattern;

/**
 * PostgreSQL's client programs exit 1 for everything and say why on stderr only (English, as {@link Command} sets the
 * locale). The codes are those that the JDBC side gives for the same trouble.
 */
final class PgToolFailures {
    private record Known(Pattern said, String code, boolean passing, String meaning, String next) {
        static Known passing(String said, String code, String meaning, String next) {
            return new Known(Pattern.compile(said), code, true, meaning, next);
        }

        static Known lasting(String said, String code, String meaning, String next) {
            return new Known(Pattern.compile(said), code, false, meaning, next);
        }
    }

    private static final List<Known> KNOWN = List.of(
            Known.lasting(
                    "password authentication failed|no password supplied",
                    "wrong-password",
                    "Nothing was done to the database.",
                    "Put the right password into the database's passwordFile, then try again."),
            Known.lasting(
                    "no pg_hba.conf entry|pg_hba.conf rejects",
                    "refused-by-pg-hba",
                    "Nothing was done to the database.",
                    "Allow this host and user in the server's pg_hba.conf and reload it, then try again."),
            Known.lasting(
                    "server version mismatch|unsupported version \\(",
                    "tools-too-old",
                    "Older tools cannot read newer servers or archives; nothing was done.",
                    "Install the PostgreSQL client tools of the server's major version on this host."),
            Known.passing(
                    "remaining connection slots|too many clients|too many connections",
                    "too-many-connections",
                    "The server works, its data is not in question.",
                    "End idle sessions or raise max_connections, then try again."),
            Known.passing(
                    "is starting up|is shutting down|in recovery mode",
                    "server-starting",
                    "The server is starting, recovering or stopping.",
                    "Wait, then try again."),
            Known.lasting(
                    "No space left on device|could not extend file",
                    "target-disk-full",
                    "What was being written is not complete; what was there before is untouched.",
                    "Free space on that host, then try again."),
            Known.lasting(
                    "invalid page in block|could not read block|could not open file|"
                            + "could not access status|missing chunk number|compressed pglz data is corrupt",
                    "damaged-data",
                    "Part of the database is damaged on disk.",
                    "Do not write to it; recover it with: firedrill recover"),
            Known.passing(
                    "server closed the connection unexpectedly|terminating connection|"
                            + "connection to server was lost|SSL SYSCALL|Connection reset",
                    "server-lost",
                    "The server went away half-way; what was being written was thrown away.",
                    "Check that the server runs, then try again."),
            Known.passing(
                    "canceling statement due to lock timeout|deadlock detected",
                    "lock-conflict",
                    "Another session holds a lock on a table, for instance a running ALTER TABLE.",
                    "Let it end, then try again."),
            Known.passing(
                    "does not exist.*|could not open relation|cache lookup failed",
                    "schema-changed",
                    "Tables were dropped or altered while they were read, so what was read was thrown away.",
                    "Try again when the schema change is over."),
            Known.lasting(
                    "permission denied|must be superuser|must be owner",
                    "missing-privilege",
                    "This step was not finished.",
                    "Use a superuser in the plan, or grant what is missing, then try again."),
            Known.passing(
                    "could not connect|connection to server at .* failed|could not translate host name",
                    "server-unreachable",
                    "What its databases hold cannot be seen from here.",
                    "Check that the server runs and that this host reaches it, then try again."));
    private static final Pattern NO_DATABASE = Pattern.compile("database \".*\" does not exist");

    private PgToolFailures() {}

    static FailureException of(Database db, String program, Command.Result<?> result) {
        String said = result.stderr().strip().replaceAll("\\s+", " ");
        String what = "%s of %s failed (exit %d): %s".formatted(program, db.address(), result.exit(), shortened(said));
        if (NO_DATABASE.matcher(said).find()) {
            return new Failure(
                            "database-missing",
                            what,
                            "Either it was dropped or renamed, or the plan names the wrong one.",
                            "List the databases with: psql -h %s -p %d -l".formatted(db.host(), db.port()))
                    .lasting();
        }
        for (Known known : KNOWN) {
            if (known.said().matcher(said).find()) {
                Failure failure = new Failure(known.code(), what, known.meaning(), known.next());
                return known.passing() ? failure.passing() : failure.lasting();
            }
        }
        return new Failure(program.replace('_', '-') + "-failed", what, "This step was not finished.",
                        "Look into the server's log, cure it, then try again.")
                .lasting();
    }

    private static String shortened(String said) {
        return said.length() <= 1000 ? said : said.substring(0, 1000) + " …";
    }
}
