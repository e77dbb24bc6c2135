package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.time.Duration;
import java.util.Locale;

/** pgbouncer's admin console, by {@code psql}. Pausing what is paused, and resuming what is not, is done already. */
public final class PgBouncerConsole {
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final Database console;

    public PgBouncerConsole(Database console) {
        this.console = console;
    }

    /**
     * New queries wait from now on. Those that run may end; after the patience their connections are cut.
     *
     * @return whether connections were cut
     */
    public boolean pause(String database, Duration patience) {
        try {
            say("PAUSE " + quoted(database), patience);
            return false;
        } catch (FailureException e) {
            if (!e.failure().code().equals("deadline-passed")) {
                throw e;
            }
            say("KILL " + quoted(database), DEADLINE);
            return true;
        }
    }

    /** What waited goes on. */
    public void resume(String database) {
        say("RESUME " + quoted(database), DEADLINE);
    }

    private void say(String command, Duration deadline) {
        Command psql = Command.of(Programs.find("psql"), "--no-psqlrc", "--no-password", "--quiet", "--command=" + command)
                .withDeadline(deadline);
        Command.Result<String> result = PgConnectionArguments.connect(psql, "--dbname", console).run();
        if (!result.succeeded() && !alreadySo(result.stderr())) {
            throw new Failure(
                            "pgbouncer",
                            "pgbouncer at %s refused '%s': %s".formatted(console.address(), command, result.stderr().strip()),
                            "Its clients are as they were.",
                            "Check that it runs, that its admin_users has %s, and the names under pgbouncer: in the plan; it is tried again."
                                    .formatted(console.user()))
                    .passing();
        }
    }

    private static boolean alreadySo(String stderr) {
        String text = stderr.toLowerCase(Locale.ROOT);
        return text.contains("already paused") || text.contains("already suspended") || text.contains("is not paused")
                || text.contains("not suspended");
    }

    private static String quoted(String database) {
        return "\"" + database + "\"";
    }
}
