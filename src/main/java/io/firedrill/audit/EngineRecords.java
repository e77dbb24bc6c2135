package io.firedrill.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The engine's records that matter, from the history that the exporter writes, each with the digest of the record as the
 * engine wrote it: definitions, runs, steps' results, tasks and decisions, incidents, and every value a run was given.
 */
final class EngineRecords {
    private static final int BATCH = 500;

    private static final String MATTERS = """
            ((r.value_type, r.intent) in (
                ('PROCESS', 'CREATED'), ('FORM', 'CREATED'), ('DECISION', 'CREATED'), ('RESOURCE_DELETION', 'DELETED'),
                ('PROCESS_INSTANCE_CREATION', 'CREATED'), ('PROCESS_INSTANCE_MODIFICATION', 'MODIFIED'),
                ('PROCESS_INSTANCE_MIGRATION', 'MIGRATED'), ('USER_TASK', 'CREATED'), ('USER_TASK', 'ASSIGNED'),
                ('USER_TASK', 'COMPLETED'), ('USER_TASK', 'CANCELED'), ('JOB', 'COMPLETED'), ('JOB', 'FAILED'),
                ('JOB', 'ERROR_THROWN'), ('JOB', 'CANCELED'), ('INCIDENT', 'CREATED'), ('INCIDENT', 'RESOLVED'),
                ('DECISION_EVALUATION', 'EVALUATED'), ('DECISION_EVALUATION', 'FAILED'), ('TIMER', 'TRIGGERED'),
                ('VARIABLE', 'CREATED'), ('VARIABLE', 'UPDATED'))
             or r.value_type = 'PROCESS_INSTANCE'
                and r.intent in ('ELEMENT_ACTIVATED', 'ELEMENT_COMPLETED', 'ELEMENT_TERMINATED')
                and r.record -> 'value' ->> 'bpmnElementType' = 'PROCESS')
            """;

    private static final String DIGEST = "encode(sha256(convert_to(r.record::text, 'UTF8')), 'hex')";

    private final Chain chain;
    private final Map<Integer, Long> chained = new HashMap<>();
    private long history;

    EngineRecords(Chain chain) {
        this.chain = chain;
    }

    /** Chains what is new; returns whether there may be more. */
    boolean chainNew() {
        Optional<Long> now = history();
        if (now.isEmpty()) {
            return false;
        }
        if (now.get() != history) {
            history = now.get();
            chained.clear();
        }
        boolean more = false;
        for (Map.Entry<Integer, Long> exported : exported().entrySet()) {
            if (exported.getValue() > chained.getOrDefault(exported.getKey(), -1L)) {
                more |= chainNew(exported.getKey(), exported.getValue());
            }
        }
        return more;
    }

    /** Which of several engines' histories is the present one; empty while there is none. */
    private Optional<Long> history() {
        return chain.db().sql("select n.oid::bigint from pg_namespace n where nspname = 'engine_history'"
                        + " and to_regclass('engine_history.progress') is not null")
                .query(Long.class)
                .optional();
    }

    private Map<Integer, Long> exported() {
        Map<Integer, Long> positions = new HashMap<>();
        chain.db().sql("select partition, position from engine_history.progress").query((row, i) ->
                positions.put(row.getInt(1), row.getLong(2))).list();
        return positions;
    }

    private boolean chainNew(int partition, long exported) {
        boolean[] more = {false};
        chain.inTurn(() -> {
            long after = chain.db().sql("select position from firedrill.audited_history where history = ? and partition = ?")
                    .params(history, partition).query(Long.class).optional().orElse(-1L);
            List<Found> found = chain.db().sql("""
                            select r.partition, r.position, r.at, r.value_type, r.intent, r.process_instance_key, r.element_id,
                                r.record::text as record,
                                (select value from engine_history.variable v
                                 where v.scope_key = r.process_instance_key and v.name = 'service' limit 1) as service,
                                (select value from engine_history.variable v
                                 where v.scope_key = r.process_instance_key and v.name = 'incident' limit 1) as incident
                            from engine_history.record r
                            where r.partition = ? and r.position > ? and %s order by r.position limit %d
                            """.formatted(MATTERS, BATCH))
                    .params(partition, after)
                    .query(EngineRecords::found)
                    .list();
            chain.chain(found.stream().map(one -> new Lines.Waiting(one.entry(), null)).toList());
            more[0] = found.size() == BATCH;
            long upTo = more[0] ? found.getLast().position() : Math.max(after, exported);
            chain.db().sql("""
                            insert into firedrill.audited_history (history, partition, position) values (?, ?, ?)
                            on conflict (history, partition) do update set position = excluded.position
                            """).params(history, partition, upTo).update();
            chained.put(partition, upTo);
        });
        return more[0];
    }

    /** A record that is chained no more as it stands: it was changed, or added behind the engine's back. */
    Optional<String> changed() {
        if (history().isEmpty()) {
            return Optional.empty();
        }
        return chain.db().sql("""
                        select r.partition || '/' || r.position from engine_history.record r
                        join firedrill.audited_history a on a.partition = r.partition and a.history = ?
                        where r.position <= a.position and %s and not exists (select 1 from firedrill_audit.entry e
                            where e.id = 'engine-' || r.partition || '/' || r.position || '-' || left(%s, 16))
                        order by r.partition, r.position limit 1
                        """.formatted(MATTERS, DIGEST))
                .param(history().orElseThrow())
                .query(String.class)
                .optional();
    }

    private record Found(long position, Entry entry) {}

    private static Found found(ResultSet row, int number) throws SQLException {
        String record = row.getString("record");
        String digest = Digests.of(record);
        String place = row.getInt("partition") + "/" + row.getLong("position");
        Map<Fact, String> facts = new EnumMap<>(Fact.class);
        facts.put(Fact.BY, "engine");
        facts.put(Fact.RECORD, place);
        facts.put(Fact.DIGEST, digest);
        put(facts, Fact.RUN, row.getString("process_instance_key"));
        put(facts, Fact.ELEMENT, row.getString("element_id"));
        put(facts, Fact.SERVICE, text(row.getString("service")));
        put(facts, Fact.INCIDENT, text(row.getString("incident")));
        String type = row.getString("value_type");
        tell(type, Lines.tree(record).path("value"), facts);
        Instant at = row.getTimestamp("at").toInstant();
        String action = "engine-%s-%s".formatted(type, row.getString("intent")).replace('_', '-').toLowerCase(Locale.ROOT);
        Entry entry = new Entry("engine-%s-%s".formatted(place, digest.substring(0, 16)), at, "engine", action, Outcome.DONE, facts);
        return new Found(row.getLong("position"), entry);
    }

    private static void tell(String type, JsonNode value, Map<Fact, String> facts) {
        JsonNode variables = value.path("variables");
        switch (type) {
            case "JOB" -> put(facts, Fact.DETAIL, first(variables.path("summary"), value.path("errorMessage"), value.path("type")));
            case "USER_TASK" -> {
                put(facts, Fact.TASK, value.path("userTaskKey").asString(""));
                put(facts, Fact.DECIDED, first(variables.path("decision")));
                put(facts, Fact.REASON, first(variables.path("reason")));
                put(facts, Fact.DETAIL, first(variables.path("decidedBy"), value.path("assignee")));
            }
            case "INCIDENT" -> put(facts, Fact.DETAIL, first(value.path("errorMessage")));
            case "DECISION_EVALUATION" -> put(facts, Fact.DETAIL, first(value.path("decisionOutput")));
            case "VARIABLE" -> put(facts, Fact.DETAIL, first(value.path("name")));
            default -> put(facts, Fact.DETAIL, first(value.path("bpmnProcessId"), value.path("resourceName")));
        }
    }

    private static @Nullable String first(JsonNode... candidates) {
        for (JsonNode candidate : candidates) {
            String text = candidate.asString("");
            if (!text.isEmpty()) {
                return text;
            }
        }
        return null;
    }

    private static void put(Map<Fact, String> facts, Fact fact, @Nullable String text) {
        if (text != null) {
            facts.put(fact, text);
        }
    }

    /** What a JSON text says. */
    private static @Nullable String text(@Nullable String json) {
        try {
            return json == null ? null : Lines.tree(json).asString("");
        } catch (JacksonException e) {
            return json;
        }
    }
}
