package io.firedrill.history;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Names of processes and steps from the BPMN the engine runs. Definitions never change, so each is read once. */
final class Definitions {
    private final JdbcClient jdbc;
    private final Map<Long, BpmnNames> known = new ConcurrentHashMap<>();

    Definitions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Keys of all versions, oldest first, of the processes whose id starts so, by process id. */
    Map<String, List<Long>> startingWith(String prefix) {
        return jdbc.sql("""
                select process_id, key from engine_history.process_definition
                where starts_with(process_id, ?) order by process_id, version
                """)
                .param(prefix)
                .query((row, n) -> Map.entry(row.getString("process_id"), row.getLong("key")))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey,
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    /** BPMN of the definition that a run follows. */
    Optional<String> diagram(long run) {
        return jdbc.sql("""
                select d.resource from engine_history.process_instance p
                join engine_history.process_definition d on d.key = p.process_definition_key
                where p.key = ?
                """)
                .param(run)
                .query((row, n) -> new String(row.getBytes(1), StandardCharsets.UTF_8))
                .optional();
    }

    /** Names of the definition with that key; ids stand in while it is not exported yet. */
    BpmnNames of(long key) {
        BpmnNames names = known.get(key);
        if (names == null) {
            Optional<byte[]> resource = jdbc.sql("select resource from engine_history.process_definition where key = ?")
                    .param(key)
                    .query((row, n) -> row.getBytes(1))
                    .optional();
            if (resource.isEmpty()) {
                return BpmnNames.NONE;
            }
            names = BpmnNames.read(resource.get());
            known.put(key, names);
        }
        return names;
    }
}
