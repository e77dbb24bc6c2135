package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code pg_receivewal}: a server's WAL as it is written, into a folder. A segment on its way ends in {@code .partial};
 * whole ones are synced and renamed. Started again it goes on after the newest file of the folder, or in an empty one where
 * the slot stands (servers from version 15).
 */
public final class PgReceiveWal {
    private static final Duration FOR_EVER = Duration.ofDays(3650);
    private static final Pattern ACTIVE = Pattern.compile("replication slot .* is active");
    private static final Pattern LOST = Pattern.compile(
            "has already been removed|can no longer get changes|has been invalidated|exceeded the maximum reserved size");
    /** The last: a timeline that ended exactly where receiving stands, to which pg_receivewal has no words. */
    private static final Pattern OTHER_TIMELINE = Pattern.compile("is not in this server's history|could not find (?:the )?timeline"
            + "|requested timeline .* is not a child|starting point .* is ahead of the WAL flush position"
            + "|could not send replication command \"START_REPLICATION\": pg_receivewal: error: disconnected");

    private PgReceiveWal() {}

    public static String version() {
        return PgDump.version("pg_receivewal");
    }

    /**
     * Receives until the connection ends, then throws why: {@code slot-in-use} (another node receives), {@code wal-lost} (the
     * server has thrown away what comes next), {@code other-timeline}, or what connecting failed with. Ends the program when
     * the thread is interrupted; it ends by itself when this process is killed, so that no second one ever holds the slot.
     */
    public static FailureException receive(Database db, String slot, Path folder) {
        Command command = PgConnectionArguments.connect(
                Command.of(Programs.find("pg_receivewal"), "--directory=" + folder, "--slot=" + slot, "--no-loop", "--no-password",
                                "--status-interval=5")
                        .withDeadline(FOR_EVER),
                "--dbname", db);
        if (Programs.installed("setpriv")) {
            command = command.behind(List.of(Programs.find("setpriv"), "--pdeathsig=TERM"));
        }
        return why(db, command.run());
    }

    private static FailureException why(Database db, Command.Result<?> result) {
        String said = result.stderr().strip().replaceAll("\\s+", " ");
        if (ACTIVE.matcher(said).find()) {
            return new Failure("slot-in-use", "Another program receives the WAL of %s:%d.".formatted(db.host(), db.port()),
                            "Nothing is missing as long as it goes on.", "It is tried again.")
                    .passing();
        }
        if (LOST.matcher(said).find()) {
            return new Failure("wal-lost", "%s:%d has thrown away WAL that was not received yet: %s".formatted(db.host(), db.port(), said),
                            "There is a gap: later moments can only be reached from a new base backup.",
                            "Take one now: firedrill backup SERVICE --kind physical. Look at max_slot_wal_keep_size.")
                    .lasting();
        }
        if (OTHER_TIMELINE.matcher(said).find()) {
            return new Failure("other-timeline", "%s:%d is on another timeline than what was received: %s".formatted(
                                    db.host(), db.port(), said),
                            "It was promoted or restored.", "Receiving begins anew from where it stands.")
                    .passing();
        }
        return PgReplicationFailures.of(db, said).orElseGet(() -> PgToolFailures.of(db, "pg_receivewal", result));
    }
}
