package io.firedrill.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Runs with their state, which looks into the runs they called. */
final class Runs {
    /** {@code %s} chooses process instances {@code p}; what they called follows. */
    private static final String SELECT = """
            with recursive chosen as (
              select p.* from engine_history.process_instance p %s),
            tree (root, key) as (
              select key, key from chosen
              union all
              select t.root, c.key
              from tree t join engine_history.process_instance c on c.parent_process_instance_key = t.key)
            select c.*, v.service, v.incident, v.requested_by, v.outcome,
              exists (select from engine_history.incident i join tree t on t.key = i.process_instance_key
                where t.root = c.key and i.resolved_at is null) as stuck,
              exists (select from engine_history.user_task u join tree t on t.key = u.process_instance_key
                where t.root = c.key and u.ended_at is null) as waiting
            from chosen c left join lateral (
              select max(value) filter (where name = 'service') as service,
                max(value) filter (where name = 'incident') as incident,
                max(value) filter (where name = 'requestedBy') as requested_by,
                max(value) filter (where name = 'outcome') as outcome
              from engine_history.variable where scope_key = c.key) v on true
            order by c.started_at desc nulls last, c.key desc
            """;

    private final JdbcClient jdbc;
    private final Definitions definitions;

    Runs(JdbcClient jdbc, Definitions definitions) {
        this.jdbc = jdbc;
        this.definitions = definitions;
    }

    List<Run> list(RunFilter filter) {
        return jdbc.sql(SELECT.formatted("""
                where p.parent_process_instance_key is null
                  and (:process::text is null or p.process_id = :process)
                  and (:service::text is null or exists (select from engine_history.variable s
                    where s.scope_key = p.key and s.name = 'service' and s.value = :service))
                order by p.started_at desc nulls last, p.key desc limit :limit"""))
                .param("process", filter.process())
                .param("service", quoted(filter.service()))
                .param("limit", filter.limit())
                .query(this::run)
                .list();
    }

    Optional<Run> byId(long id) {
        return jdbc.sql(SELECT.formatted("where p.key = :key"))
                .param("key", id)
                .query(this::run)
                .optional();
    }

    /** Newest first, whoever called them. */
    List<Run> with(String process, String service, String variable, int limit) {
        return jdbc.sql(SELECT.formatted("""
                where p.key in (select d.key from engine_history.process_instance d
                  where d.process_id = :process
                    and exists (select from engine_history.variable s
                      where s.scope_key = d.key and s.name = 'service' and s.value = :service)
                    and exists (select from engine_history.variable w
                      where w.scope_key = d.key and w.name = :variable and w.value <> 'null')
                  order by d.key desc limit :limit)"""))
                .param("process", process)
                .param("service", Json.quoted(service))
                .param("variable", variable)
                .param("limit", limit)
                .query(this::run)
                .list();
    }

    /** Runs of a process that nobody called and whose variable {@code incident} is that id, oldest first. */
    List<Run> ofIncident(String process, String incident) {
        return jdbc.sql(SELECT.formatted("""
                where p.parent_process_instance_key is null and p.process_id = :process and p.key in (
                  select scope_key from engine_history.variable where name = 'incident' and value = :incident)"""))
                .param("process", process)
                .param("incident", Json.quoted(incident))
                .query(this::run)
                .list()
                .reversed();
    }

    /** The runs that {@code root} called, and those called in turn, oldest first; ids with their process ids. */
    List<Called> calledBy(long root) {
        return jdbc.sql("""
                with recursive tree (key) as (
                  select :root::bigint
                  union all
                  select c.key from tree t
                  join engine_history.process_instance c on c.parent_process_instance_key = t.key)
                select p.key, p.process_id from tree join engine_history.process_instance p using (key)
                where p.key <> :root order by p.key
                """)
                .param("root", root)
                .query((row, n) -> new Called(row.getLong(1), row.getString(2)))
                .list();
    }

    record Called(long id, String process) {}

    private static @Nullable String quoted(@Nullable String text) {
        return text == null ? null : Json.quoted(text);
    }

    private Run run(ResultSet row, int number) throws SQLException {
        String process = row.getString("process_id");
        return new Run(
                row.getLong("key"),
                process,
                definitions.of(row.getLong("process_definition_key")).name(process),
                row.getInt("version"),
                Json.text(row.getString("service")),
                Json.text(row.getString("incident")),
                Json.text(row.getString("requested_by")),
                state(row),
                Json.text(row.getString("outcome")),
                Rows.start(row, "started_at"),
                Rows.instant(row, "ended_at"),
                Rows.key(row, "parent_process_instance_key"));
    }

    private static String state(ResultSet row) throws SQLException {
        return switch (row.getString("state")) {
            case "completed" -> "done";
            case "terminated" -> "cancelled";
            default -> row.getBoolean("stuck") ? "stuck" : row.getBoolean("waiting") ? "waiting" : "running";
        };
    }
}
