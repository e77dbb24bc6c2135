package io.firedrill.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decision that waits for a person.
 *
 * @param key the engine's user task key
 * @param process id of the process it stands in
 * @param run the run nobody called that it holds up
 * @param form the form's id, or null
 * @param due when it escalates, or null
 * @param variables those visible to the task, as JSON trees
 */
public record Task(
        long key,
        String process,
        long run,
        @Nullable String service,
        @Nullable String incident,
        String name,
        String element,
        @Nullable String form,
        List<String> candidateGroups,
        @Nullable String assignee,
        @Nullable Instant due,
        Instant createdAt,
        Map<String, Object> variables) {}
