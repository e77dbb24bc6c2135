package io.firedrill.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Process variables as JSON trees, by name. */
final class Variables {
    private final JdbcClient jdbc;

    Variables(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Those of one scope alone: of a run or of an element instance. */
    Map<String, Object> of(long scope) {
        Map<String, Object> variables = new LinkedHashMap<>();
        jdbc.sql("select name, value from engine_history.variable where scope_key = ? order by name")
                .param(scope)
                .query(row -> {
                    variables.put(row.getString(1), Json.tree(row.getString(2)));
                });
        return variables;
    }

    /** Those each of the element instances sees: its own and its surrounding scopes', the nearest first. */
    Map<Long, Map<String, Object>> visibleTo(Collection<Long> elementInstances) {
        Map<Long, Map<String, Object>> visible = new HashMap<>();
        if (elementInstances.isEmpty()) {
            return visible;
        }
        jdbc.sql("""
                with recursive scope (element, key, depth) as (
                  select e.key, e.key, 0 from engine_history.element_instance e where e.key in (:elements)
                  union all
                  select s.element, e.flow_scope_key, s.depth + 1
                  from scope s join engine_history.element_instance e on e.key = s.key)
                select distinct on (s.element, v.name) s.element, v.name, v.value
                from scope s join engine_history.variable v on v.scope_key = s.key
                order by s.element, v.name, s.depth
                """)
                .param("elements", elementInstances)
                .query(row -> {
                    visible.computeIfAbsent(row.getLong(1), element -> new LinkedHashMap<>())
                            .put(row.getString(2), Json.tree(row.getString(3)));
                });
        return visible;
    }
}
