package io.firedrill.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run of a process.
 *
 * @param id the engine's process instance key
 * @param process the process' id; {@code name} as the BPMN says it
 * @param state {@code running}, {@code waiting} (an open user task), {@code stuck} (an unresolved engine incident),
 *     {@code done}, {@code cancelled}; called runs count in
 * @param outcome the process variable of that name, or null while there is none
 * @param parent the run that called this one, or null
 */
public record Run(
        long id,
        String process,
        String name,
        int version,
        @Nullable String service,
        @Nullable String incident,
        @Nullable String requestedBy,
        String state,
        @Nullable String outcome,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Long parent) {}
