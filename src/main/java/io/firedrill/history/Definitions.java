package io.firedrill.history;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Names of processes and steps from the BPMN the engine runs. Definitions never change, so each is read once. */
final class Definitions {
    private final JdbcClient jdbc;
    private final Map<Long, BpmnNames> known = new ConcurrentHashMap<>();

    Definitions(JdbcClient jdbc) {
        this.jdbc = jdbc;
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
