package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.replication.Replication.Promoted;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a standby the primary, and reads from the new primary where its timeline began. */
final class Promotion {
    private static final int LOOKS = 20;

    private Promotion() {}

    /**
     * It first replays all that it has received. Commits there do not wait for standbys until redundancy is rebuilt: they
     * would wait for ever.
     */
    static Promoted of(NodeServer server, Duration patience, Clock clock) {
        Instant replayed = server.ask(patience, statement -> {
            statement.execute("alter system set synchronous_standby_names = ''");
            statement.execute("select pg_reload_conf()");
            boolean done = NodeServer.bool(statement, "select pg_promote(true, %d)".formatted(patience.toSeconds() - 10));
            if (!done && NodeServer.bool(statement, "select pg_is_in_recovery()")) {
                throw new Failure(
                                "not-promoted",
                                "%s was told to become primary and has not within %d s.".formatted(server.address(), patience.toSeconds() - 10),
                                "It may still be replaying WAL; nothing is lost by that.",
                                "Look into its log, then try again.")
                        .passing();
            }
            return replayed(statement);
        });
        return described(server, replayed, clock);
    }

    /** Somebody, or an earlier try, has promoted it already. */
    static Promoted found(NodeServer server, Clock clock) {
        return described(server, server.ask(Duration.ofSeconds(10), Promotion::replayed), clock);
    }

    /** A primary that was promoted still knows what it replayed last. */
    private static @Nullable Instant replayed(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select pg_last_xact_replay_timestamp()")) {
            row.next();
            Timestamp at = row.getTimestamp(1);
            return at == null ? null : at.toInstant();
        }
    }

    private static Promoted described(NodeServer server, @Nullable Instant replayed, Clock clock) {
        NodeState state = primary(server);
        List<String> history = server.ask(Duration.ofSeconds(10), statement -> history(statement, state.timeline()));
        long oldTimeline = history.isEmpty() ? 0 : Long.parseLong(history.getFirst());
        String lsn = history.isEmpty() ? String.valueOf(state.lsn()) : history.get(1);
        return new Promoted(state.node(), server.address(), state.timeline(), oldTimeline, lsn, replayed, clock.instant(), false, List.of());
    }

    /** It was promoted, but it may be slow to answer: what is read from somebody silent would be told as if it were so. */
    private static NodeState primary(NodeServer server) {
        NodeState state = server.look().state();
        for (int look = 0; look < LOOKS && !state.primary(); look++) {
            Pause.of(Duration.ofMillis(500));
            state = server.look().state();
        }
        if (!state.primary()) {
            throw new Failure(
                            "no-answer",
                            "%s was promoted and does not answer as primary yet.".formatted(server.address()),
                            "It stays promoted; no other standby is.",
                            "It is looked at again; see its log if that does not help.")
                    .passing();
        }
        return state;
    }

    /** The last branch of its timeline: the timeline it left, and where (manual, "Timelines"). */
    private static List<String> history(Statement statement, long timeline) throws SQLException {
        if (timeline < 2) {
            return List.of();
        }
        String text = NodeServer.text(statement, "select pg_read_file('pg_wal/%08X.history')".formatted(timeline)).orElse("");
        return text.lines().filter(line -> !line.isBlank()).reduce((first, last) -> last)
                .map(line -> List.of(line.strip().split("\\s+")))
                .orElse(List.of());
    }
}
