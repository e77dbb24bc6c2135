package io.firedrill.console;

import io.firedrill.audit.Fact;
import io.firedrill.console.access.Deed;
import io.firedrill.console.access.IdempotentStarts;
import io.firedrill.engine.Runs;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Starts runs, each with what the audit trail should know of it. */
final class RunStarts {
    private final Runs runs;

    RunStarts(Runs runs) {
        this.runs = runs;
    }

    /** Returns the run's id. */
    long start(String process, Map<String, ?> variables) {
        Deed.note(Fact.INCIDENT, variables.get("incident"));
        Deed.note(Fact.REASON, variables.get("requestReason"));
        Deed.note(Fact.REASON, variables.get("closeReason"));
        Deed.note(Fact.SUBJECT, variables.get("restoreTo"));
        Map<String, Object> all = new HashMap<>(variables);
        String key = IdempotentStarts.key();
        if (key != null) {
            all.put(IdempotentStarts.VARIABLE, key);
        }
        long run = runs.start(process, all);
        Deed.note(Fact.RUN, run);
        return run;
    }

    JsonNode decide(String decision, Map<String, ?> variables) {
        return runs.decide(decision, variables);
    }
}
