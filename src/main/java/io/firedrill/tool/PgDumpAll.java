package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import java.io.OutputStream;
import java.time.Duration;

/** {@code pg_dumpall --globals-only}: roles and tablespaces of the whole server, as SQL. */
public final class PgDumpAll {
    private static final Duration DEADLINE = Duration.ofMinutes(10);

    private PgDumpAll() {}

    /** @param rolePasswords whether to include them; only a superuser can read them */
    public static void globals(Database db, boolean rolePasswords, OutputStream out) {
        Command dump = Command.of(Programs.find("pg_dumpall"), "--globals-only", "--no-password", "--database=" + db.dbname())
                .withDeadline(DEADLINE);
        if (!rolePasswords) {
            dump = dump.with("--no-role-passwords");
        }
        Command.Result<Long> result = PgConnectionArguments.connect(dump, "--dbname", db)
                .run(Command.Input.NONE, stdout -> Copying.to(stdout, out, n -> {}));
        if (!result.succeeded()) {
            throw PgToolFailures.of(db, "pg_dumpall", result);
        }
        if (result.value() == 0) {
            throw new Failure(
                            "empty-dump",
                            "pg_dumpall of %s ended well but wrote nothing.".formatted(db.address()),
                            "There is no new backup; earlier ones are untouched.",
                            "Check that pg_dumpall on this host is PostgreSQL's own: " + Programs.find("pg_dumpall"))
                    .lasting();
        }
    }
}
