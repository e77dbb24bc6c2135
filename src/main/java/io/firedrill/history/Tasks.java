package io.firedrill.history;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** User tasks with what a person needs to decide them. */
final class Tasks {
    private static final String SELECT = """
            select u.*, f.form_id, (
              with recursive up (key, parent) as (
                select p.key, p.parent_process_instance_key from engine_history.process_instance p
                where p.key = u.process_instance_key
                union all
                select p.key, p.parent_process_instance_key
                from up join engine_history.process_instance p on p.key = up.parent)
              select key from up where parent is null) as root
            from engine_history.user_task u left join engine_history.form f on f.key = u.form_key
            """;

    private final JdbcClient jdbc;
    private final Definitions definitions;
    private final Variables variables;

    Tasks(JdbcClient jdbc, Definitions definitions, Variables variables) {
        this.jdbc = jdbc;
        this.definitions = definitions;
        this.variables = variables;
    }

    /** Oldest first; {@code service} null: of every service. */
    List<Task> open(@Nullable String service) {
        return tasks(jdbc.sql(SELECT + " where u.ended_at is null order by u.created_at, u.key")).stream()
                .filter(task -> service == null || service.equals(task.service()))
                .toList();
    }

    Optional<Task> byKey(long key) {
        return tasks(jdbc.sql(SELECT + " where u.key = :key").param("key", key)).stream().findFirst();
    }

    /** The form's JSON, if the task has a form. */
    Optional<String> formSchema(long key) {
        return jdbc.sql("""
                select f.resource from engine_history.user_task u join engine_history.form f on f.key = u.form_key
                where u.key = ?
                """)
                .param(key)
                .query((row, n) -> new String(row.getBytes(1), StandardCharsets.UTF_8))
                .optional();
    }

    private List<Task> tasks(JdbcClient.StatementSpec query) {
        List<Found> found = query.query(Tasks::found).list();
        Map<Long, Map<String, Object>> visible =
                variables.visibleTo(found.stream().map(Found::elementInstance).toList());
        return found.stream()
                .map(task -> task(task, visible.getOrDefault(task.elementInstance(), Map.of())))
                .toList();
    }

    private Task task(Found found, Map<String, Object> seen) {
        return new Task(
                found.key(),
                found.process(),
                found.root(),
                seen.get("service") instanceof String service ? service : null,
                seen.get("incident") instanceof String incident ? incident : null,
                definitions.of(found.definition()).name(found.element()),
                found.element(),
                found.form(),
                found.candidateGroups(),
                found.assignee(),
                found.due(),
                found.createdAt(),
                seen);
    }

    private record Found(
            long key,
            long elementInstance,
            long definition,
            String process,
            long root,
            String element,
            @Nullable String form,
            List<String> candidateGroups,
            @Nullable String assignee,
            @Nullable Instant due,
            Instant createdAt) {}

    private static Found found(ResultSet row, int number) throws SQLException {
        String form = row.getString("form_id");
        Long root = Rows.key(row, "root");
        Array groups = row.getArray("candidate_groups");
        return new Found(
                row.getLong("key"),
                row.getLong("element_instance_key"),
                row.getLong("process_definition_key"),
                row.getString("process_id"),
                root == null ? row.getLong("process_instance_key") : root,
                row.getString("element_id"),
                form == null ? row.getString("form_reference") : form,
                Arrays.asList((String[]) groups.getArray()),
                row.getString("assignee"),
                Rows.instant(row, "due"),
                Rows.start(row, "created_at"));
    }
}
