package io.firedrill.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Steps of a run and of the runs it called. */
final class Steps {
    private static final Set<String> WORK = Set.of(
            "SERVICE_TASK",
            "USER_TASK",
            "BUSINESS_RULE_TASK",
            "SCRIPT_TASK",
            "SEND_TASK",
            "RECEIVE_TASK",
            "MANUAL_TASK",
            "TASK",
            "CALL_ACTIVITY");

    /** Shown when the BPMN gives them a name: they say why a run took the way it took. */
    private static final Set<String> EVENTS =
            Set.of("INTERMEDIATE_CATCH_EVENT", "INTERMEDIATE_THROW_EVENT", "BOUNDARY_EVENT", "END_EVENT");

    private static final String TREE = """
            with recursive tree (key) as (
              select :root::bigint
              union all
              select c.key from tree t join engine_history.process_instance c on c.parent_process_instance_key = t.key)
            """;

    private final JdbcClient jdbc;
    private final Definitions definitions;

    Steps(JdbcClient jdbc, Definitions definitions) {
        this.jdbc = jdbc;
        this.definitions = definitions;
    }

    /** In order of start. */
    List<Step> of(long run) {
        return jdbc.sql(TREE + """
                select e.*, p.process_id, j.state as job_state, j.summary, j.error_message, j.attempts,
                  u.decided_by, u.decision, u.reason
                from tree
                join engine_history.process_instance p on p.key = tree.key
                join engine_history.element_instance e on e.process_instance_key = p.key
                left join lateral (
                  select (array_agg(state order by key desc))[1] as state,
                    (array_agg(summary order by key desc))[1] as summary,
                    (array_agg(error_message order by key desc))[1] as error_message,
                    sum(failures) + count(*) as attempts
                  from engine_history.job
                  where element_instance_key = e.key and kind = 'BPMN_ELEMENT') j on true
                left join engine_history.user_task u on u.element_instance_key = e.key
                where e.type in (:types)
                order by e.started_at, e.key
                """)
                .param("root", run)
                .param("types", java.util.stream.Stream.concat(WORK.stream(), EVENTS.stream()).toList())
                .query(this::step)
                .list()
                .stream()
                .filter(Objects::nonNull)
                .toList();
    }

    /** What holds a stuck run up, to be resolved there. */
    List<EngineIncident> engineIncidents(long run) {
        return jdbc.sql(TREE + """
                select i.key, i.job_key
                from tree
                join engine_history.incident i on i.process_instance_key = tree.key and i.resolved_at is null
                """)
                .param("root", run)
                .query((row, n) -> new EngineIncident(row.getLong("key"), row.getLong("job_key")))
                .list();
    }

    /** Engine incidents nobody resolved, and steps that failed and are tried again. */
    List<Problem> problems(long run) {
        return jdbc.sql(TREE + """
                select i.element_id, p.process_definition_key, i.message, i.created_at as since,
                  coalesce(j.retries, 0) as retries
                from tree
                join engine_history.process_instance p on p.key = tree.key
                join engine_history.incident i on i.process_instance_key = p.key and i.resolved_at is null
                left join engine_history.job j on j.key = i.job_key
                union all
                select j.element_id, p.process_definition_key, coalesce(j.error_message, 'It failed without a message.'),
                  j.failed_at, j.retries
                from tree
                join engine_history.process_instance p on p.key = tree.key
                join engine_history.job j on j.process_instance_key = p.key
                where j.ended_at is null and j.failed_at is not null and j.retries > 0
                  and not exists (select from engine_history.incident i where i.job_key = j.key and i.resolved_at is null)
                order by since
                """)
                .param("root", run)
                .query((row, n) -> {
                    String element = row.getString("element_id");
                    return new Problem(
                            definitions.of(row.getLong("process_definition_key")).name(element),
                            element,
                            row.getString("message"),
                            Rows.start(row, "since"),
                            row.getInt("retries"));
                })
                .list();
    }

    private @Nullable Step step(ResultSet row, int number) throws SQLException {
        String element = row.getString("element_id");
        String type = row.getString("type");
        BpmnNames names = definitions.of(row.getLong("process_definition_key"));
        if (EVENTS.contains(type) && !names.names(element)) {
            return null;
        }
        String state = state(row.getString("state"), row.getString("job_state"));
        return new Step(
                row.getLong("key"),
                element,
                names.name(element),
                type.toLowerCase(Locale.ROOT).replace('_', '-'),
                row.getLong("process_instance_key"),
                row.getString("process_id"),
                state,
                Rows.start(row, "started_at"),
                Rows.instant(row, "ended_at"),
                state.equals("failed") ? row.getString("error_message") : row.getString("summary"),
                row.getInt("attempts"),
                null,
                row.getString("decided_by"),
                row.getString("decision"),
                row.getString("reason"));
    }

    private static String state(String state, @Nullable String jobState) {
        return switch (state) {
            case "completed" -> "done";
            case "terminated" -> "error-thrown".equals(jobState) ? "failed" : "cancelled";
            default -> "active";
        };
    }
}
