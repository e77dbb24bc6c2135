package io.firedrill.exporter;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The typed tables and how a record changes a row of each. A row takes in a record only when the record's position is
 * newer than the row's own, so that any part of the log may be exported again.
 */
enum Table {
    PROCESS_DEFINITION(columns("process_id", "version", "version_tag", "resource_name", "resource", "deployed_at")),
    FORM(columns("form_id", "version", "resource", "deployed_at")),
    PROCESS_INSTANCE(columns(
            "process_definition_key",
            "process_id",
            "version",
            "parent_process_instance_key",
            "parent_element_instance_key",
            "state",
            "started_at?",
            "ended_at?")),
    ELEMENT_INSTANCE(columns(
            "element_id",
            "type",
            "flow_scope_key",
            "process_instance_key",
            "process_definition_key",
            "state",
            "started_at?",
            "ended_at?")),
    JOB(columns(
            "type",
            "kind",
            "element_id",
            "element_instance_key",
            "process_instance_key",
            "worker?",
            "retries",
            "state",
            "failures+",
            "error_message?",
            "error_code?",
            "summary?",
            "failed_at?",
            "ended_at?")),
    USER_TASK(columns(
            "element_id",
            "element_instance_key",
            "process_instance_key",
            "process_definition_key",
            "process_id",
            "assignee",
            "candidate_groups",
            "candidate_users",
            "due",
            "form_key",
            "form_reference",
            "state",
            "action",
            "decision?",
            "reason?",
            "decided_by?",
            "created_at?",
            "ended_at?")),
    VARIABLE(columns("scope_key", "process_instance_key", "name", "value", "changed_at")),
    INCIDENT(columns(
            "error_type",
            "message",
            "element_id",
            "element_instance_key",
            "process_instance_key",
            "job_key",
            "created_at?",
            "resolved_at?")),
    DECISION_EVALUATION(columns(
            "decision_id",
            "decision_name",
            "decision_version",
            "element_id",
            "element_instance_key",
            "process_instance_key",
            "succeeded",
            "output",
            "failure",
            "evaluated_at")),
    TIMER(columns(
            "target_element_id",
            "element_instance_key",
            "process_instance_key",
            "process_definition_key",
            "due",
            "repetitions",
            "state"));

    private final String upsert;

    Table(List<Column> columns) {
        String table = name().toLowerCase(java.util.Locale.ROOT);
        List<String> names = new ArrayList<>(List.of("key"));
        columns.forEach(column -> names.add(column.name()));
        names.add("position");
        this.upsert = "insert into engine_history.%s as had (%s) values (%s) on conflict (key) do update set %s"
                        .formatted(
                                table,
                                String.join(", ", names),
                                String.join(", ", names.stream().map(name -> "?").toList()),
                                Stream.concat(columns.stream().map(Column::change), Stream.of("position = excluded.position"))
                                        .collect(Collectors.joining(", ")))
                + " where had.position < excluded.position";
    }

    /** Parameters: the key, the columns in order, the position. */
    String upsert() {
        return upsert;
    }

    /** A name that ends with {@code ?} keeps what it had when the record says null; with {@code +} it adds up. */
    private static List<Column> columns(String... names) {
        return Stream.of(names).map(Column::of).toList();
    }

    private record Column(String name, String change) {
        static Column of(String written) {
            String name = written.replaceAll("[?+]$", "");
            String value = written.endsWith("?")
                    ? "coalesce(excluded.%1$s, had.%1$s)".formatted(name)
                    : written.endsWith("+") ? "had.%1$s + excluded.%1$s".formatted(name) : "excluded." + name;
            return new Column(name, name + " = " + value);
        }
    }
}
