package io.firedrill.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One step of a run: a task, a called process, or an event that has a name.
 *
 * @param key the engine's element instance key
 * @param element the BPMN id; {@code name} as a person says it
 * @param type {@code service-task}, {@code user-task}, {@code call-activity}, {@code end-event} and the like
 * @param run the run it belongs to, which may be a called one; {@code process} that run's process id
 * @param state {@code active}, {@code done}, {@code failed} (ended in a BPMN error), {@code cancelled}
 * @param summary what it did, or why it failed, in one sentence
 * @param attempts how often it was started; 0 for steps nobody works on
 * @param progress how far it is, where the server knows
 * @param decidedBy who completed a user task, with {@code decision} and {@code reason}
 */
public record Step(
        long key,
        String element,
        String name,
        String type,
        long run,
        String process,
        String state,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String summary,
        int attempts,
        @Nullable StepProgress progress,
        @Nullable String decidedBy,
        @Nullable String decision,
        @Nullable String reason) {

    public Step withProgress(@Nullable StepProgress now) {
        return new Step(
                key, element, name, type, run, process, state, startedAt, endedAt, summary, attempts, now, decidedBy,
                decision, reason);
    }

    /** Whether a person does it, not a machine. */
    public boolean byPeople() {
        return type.equals("user-task");
    }
}
