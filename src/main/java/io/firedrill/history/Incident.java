package io.firedrill.history;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A disaster and its recovery.
 *
 * @param incident its id
 * @param state {@code open} or {@code closed}
 * @param run the disaster-recovery run
 * @param undoAvailable whether what was cut over to can still be swapped back
 * @param steps of the recovery and all it called, in order of start
 * @param variables of the recovery and of its analysis
 * @param undoRuns the undo-recovery runs, oldest first
 */
public record Incident(
        String incident,
        @Nullable String service,
        String state,
        long run,
        Instant openedAt,
        @Nullable Instant closedAt,
        @Nullable String requestedBy,
        @Nullable String cause,
        @Nullable String strategy,
        @Nullable String outcome,
        boolean undoAvailable,
        List<Step> steps,
        Map<String, Object> variables,
        List<Run> undoRuns) {}
