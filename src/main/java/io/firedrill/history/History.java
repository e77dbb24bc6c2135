package io.firedrill.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What happened and what waits, as the engine's own log tells it. It trails the engine by the exporter's flush
 * interval, normally well under a second; see {@link #lag()}.
 *
 * <p>Before the exporter has ever run, answers are empty. While the state database cannot be reached every method
 * throws a passing {@link io.firedrill.failure.FailureException} with the code {@code state-database-down}. Safe for
 * use by many threads.
 */
public final class History {
    private final JdbcClient jdbc;
    private final Definitions definitions;
    private final Runs runs;
    private final Steps steps;
    private final Tasks tasks;
    private final Variables variables;
    private final Incidents incidents;
    private final StepLogs stepLogs;

    public History(DataSource stateDatabase) {
        this.jdbc = JdbcClient.create(stateDatabase);
        this.definitions = new Definitions(jdbc);
        this.variables = new Variables(jdbc);
        this.runs = new Runs(jdbc, definitions);
        this.steps = new Steps(jdbc, definitions);
        this.tasks = new Tasks(jdbc, definitions, variables);
        this.incidents = new Incidents(runs, steps, variables);
        this.stepLogs = new StepLogs(jdbc);
    }

    /** Runs that nobody called, newest first. */
    public List<Run> runs(RunFilter filter) {
        return Reading.answer(() -> runs.list(filter), List.of());
    }

    public Optional<RunDetail> run(long id) {
        return Reading.answer(
                () -> runs.byId(id)
                        .map(run -> new RunDetail(run, steps.of(id), variables.of(id), steps.problems(id))),
                Optional.empty());
    }

    /** The newest run of a process for a service, whoever called it, that has written this variable. */
    public Optional<RunDetail> newestWith(String process, String service, String variable) {
        return Reading.answer(
                () -> runs.with(process, service, variable, 1).stream()
                        .findFirst()
                        .map(run -> new RunDetail(run, steps.of(run.id()), variables.of(run.id()), steps.problems(run.id()))),
                Optional.empty());
    }

    /** As {@link #newestWith}, the newest so many, newest first, with their variables but without steps and problems. */
    public List<RunDetail> with(String process, String service, String variable, int limit) {
        return Reading.answer(
                () -> runs.with(process, service, variable, limit).stream()
                        .map(run -> new RunDetail(run, List.of(), variables.of(run.id()), List.of()))
                        .toList(),
                List.of());
    }

    /** A run without its steps. */
    public Optional<Run> summary(long id) {
        return Reading.answer(() -> runs.byId(id), Optional.empty());
    }

    /** BPMN of the very version a run follows, as the engine deployed it; for a diagram viewer. */
    public Optional<String> diagram(long run) {
        return Reading.answer(() -> definitions.diagram(run), Optional.empty());
    }

    /** Unresolved incidents of the engine in this run and the runs it called. */
    public List<EngineIncident> engineIncidents(long run) {
        return Reading.answer(() -> steps.engineIncidents(run), List.of());
    }

    /** Keys of all deployed versions, oldest first, of the processes whose id starts so, by process id. */
    public Map<String, List<Long>> processDefinitions(String idPrefix) {
        return Reading.answer(() -> definitions.startingWith(idPrefix), Map.of());
    }

    /** What the engine's log says of one step, oldest first; {@code run} is the one it belongs to. */
    public List<LogLine> stepLog(long step, long run) {
        return Reading.answer(() -> stepLogs.of(step, run), List.of());
    }

    /** The variables that a step sees: its own and those around it. */
    public Map<String, Object> seenBy(long step) {
        return Reading.answer(() -> variables.visibleTo(List.of(step)).getOrDefault(step, Map.of()), Map.of());
    }

    /** Open user tasks, oldest first; {@code service} null: of every service. */
    public List<Task> openTasks(@Nullable String service) {
        return Reading.answer(() -> tasks.open(service), List.of());
    }

    /** A user task, open or not. */
    public Optional<Task> task(long key) {
        return Reading.answer(() -> tasks.byKey(key), Optional.empty());
    }

    /** JSON of the form linked to a user task, for a form viewer. */
    public Optional<String> formSchema(long taskKey) {
        return Reading.answer(() -> tasks.formSchema(taskKey), Optional.empty());
    }

    public Optional<Incident> incident(String incident) {
        return Reading.answer(() -> incidents.byId(incident), Optional.empty());
    }

    /** Position of the newest record here, over all partitions; 0 before the first. Grows while the engine works. */
    public long newestPosition() {
        return Reading.answer(
                () -> jdbc.sql("select coalesce(max(position), 0) from engine_history.progress")
                        .query(Long.class)
                        .single(),
                0L);
    }

    /** How long the newest record took from the engine to here, at worst over all partitions; empty before the first. */
    public Optional<Duration> lag() {
        return Reading.answer(
                () -> jdbc.sql("""
                        select extract(epoch from max(exported_at - at)) * 1000 from engine_history.progress
                        """)
                        .query((row, n) -> Optional.ofNullable(row.getBigDecimal(1))
                                .map(millis -> Duration.ofMillis(Math.max(0, millis.longValue()))))
                        .single(),
                Optional.empty());
    }
}
