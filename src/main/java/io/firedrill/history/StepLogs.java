package io.firedrill.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What happened to one step, told from the engine's records of its jobs, its task and its incidents. */
final class StepLogs {
    private final JdbcClient jdbc;

    StepLogs(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Oldest first; {@code run} is the step's own. */
    List<LogLine> of(long step, long run) {
        return jdbc.sql("""
                select at, value_type, intent, record -> 'value' ->> 'errorMessage' as message,
                  record -> 'value' ->> 'retries' as retries, record -> 'value' ->> 'assignee' as assignee
                from engine_history.record
                where process_instance_key = :run and value_type in ('JOB', 'USER_TASK', 'INCIDENT', 'PROCESS_INSTANCE')
                  and (record -> 'value' ->> 'elementInstanceKey' = :step or record_key = :key)
                order by position
                """)
                .param("run", run)
                .param("step", String.valueOf(step))
                .param("key", step)
                .query((row, n) -> line(row).orElse(null))
                .list()
                .stream()
                .filter(Objects::nonNull)
                .toList();
    }

    private static Optional<LogLine> line(ResultSet row) throws SQLException {
        Instant at = Rows.start(row, "at");
        return said(row.getString("value_type") + " " + row.getString("intent"), row.getString("message"), row.getString("retries"),
                        row.getString("assignee"))
                .map(said -> new LogLine(at, said.mood(), said.text()));
    }

    private record Said(String mood, String text) {}

    private static Optional<Said> said(
            String kind, @Nullable String message, @Nullable String retries, @Nullable String assignee) {
        String why = message == null || message.isBlank() ? "no message" : message;
        String who = assignee == null || assignee.isBlank() ? "nobody" : assignee;
        return Optional.ofNullable(switch (kind) {
            case "JOB CREATED" -> new Said("quiet", "Handed out to the workers.");
            case "JOB TIMED_OUT" -> new Said("bad", "Its worker was not heard of any more; it is handed out again.");
            case "JOB FAILED" -> new Said("bad", "Failed: %s (%s more tries by itself)".formatted(why, Objects.toString(retries, "0")));
            case "JOB RETRIES_UPDATED" -> new Said("quiet", "A person let it be tried again.");
            case "JOB ERROR_THROWN" -> new Said("bad", "Given up: " + why);
            case "JOB CANCELED", "USER_TASK CANCELED" -> new Said("quiet", "Broken off.");
            case "JOB COMPLETED" -> new Said("good", "Done.");
            case "USER_TASK CREATED" -> new Said("open", "A person is asked.");
            case "USER_TASK ASSIGNED" -> new Said("quiet", "Claimed by " + who + ".");
            case "USER_TASK COMPLETED" -> new Said("good", "Decided.");
            case "INCIDENT CREATED" -> new Said("bad", "Stuck: " + why);
            case "INCIDENT RESOLVED" -> new Said("quiet", "Goes on.");
            case "PROCESS_INSTANCE ELEMENT_ACTIVATED" -> new Said("quiet", "Began.");
            case "PROCESS_INSTANCE ELEMENT_COMPLETED" -> new Said("good", "Over.");
            case "PROCESS_INSTANCE ELEMENT_TERMINATED" -> new Said("quiet", "Left.");
            default -> null;
        });
    }
}
