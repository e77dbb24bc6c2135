package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.PgCtl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A restored server that replays WAL to a moment and then opens. */
final class Replay {
    private static final int POLL_MILLIS = 50;
    private static final int POLLS_PER_LOOK = 20;

    /** Between two records lies at most the head of a segment's first page. */
    private static final long PAGE_HEAD = 64;

    private Replay() {}

    /** @param newest commit that was replayed; null: none was */
    record Reached(Lsn lsn, @Nullable Instant newest) {}

    /**
     * Waits as long as it lives. Lasting failure {@code recovery-failed} with the server's own words.
     *
     * @param running whether it still does
     */
    static Connection awaitOpen(Database db, BooleanSupplier running, Path log) {
        for (int poll = 1; ; poll++) {
            try {
                return PgConnections.open(db);
            } catch (FailureException e) {
                boolean opening = List.of("server-starting", "server-unreachable").contains(e.failure().code());
                if (!opening) {
                    throw e;
                }
                if (poll % POLLS_PER_LOOK == 0 && !running.getAsBoolean()) {
                    throw ended(e, log);
                }
            }
            rest();
        }
    }

    private static void rest() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "The replay was cancelled.", "What was restored so far is removed by the next attempt.",
                            "Start the step again.")
                    .passing(e);
        }
    }

    private static FailureException ended(FailureException last, Path log) {
        return new Failure(
                        "recovery-failed",
                        "The base backup could not be brought to the moment: the server ended%s".formatted(
                                Optional.of(PgCtl.lastWords(log)).filter(words -> !words.isEmpty()).orElse(" without a word")),
                        "That way back does not work; the damaged original is as it was.",
                        "Take the next candidate, e.g. the newest unaffected dump.")
                .lasting(last);
    }

    /** How far it came. Lasting failure {@code stopped-elsewhere} when that is not what was asked for. */
    static Reached requireStoppedAt(PointInTime to, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select pg_is_in_recovery(), pg_last_wal_replay_lsn()::text, pg_last_xact_replay_timestamp()")) {
            row.next();
            String replayed = row.getString(2);
            OffsetDateTime newest = row.getObject(3, OffsetDateTime.class);
            boolean right = !row.getBoolean(1) && replayed != null && switch (to.stop()) {
                case PointInTime.BEFORE -> justBefore(Lsn.parse(replayed), to.position());
                case PointInTime.THROUGH -> Lsn.parse(replayed).compareTo(to.position()) >= 0;
                case PointInTime.LATEST -> true;
                default -> newest == null || !newest.toInstant().isAfter(to.at());
            };
            if (!right) {
                throw new Failure(
                                "stopped-elsewhere",
                                "The restored server stopped at %s (newest commit %s), not %s.".formatted(replayed, newest, to.words()),
                                "What it holds is not what was asked for; the damaged original is as it was.",
                                "Take the next candidate, e.g. the newest unaffected dump.")
                        .lasting();
            }
            return new Reached(Lsn.parse(replayed), newest == null ? null : newest.toInstant());
        }
    }

    private static boolean justBefore(Lsn replayed, Lsn stop) {
        long between = stop.value() - replayed.value();
        return between >= 0 && between <= PAGE_HEAD;
    }
}
