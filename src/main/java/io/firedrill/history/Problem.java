package io.firedrill.history;

import java.time.Instant;

/**
 * What holds a run up.
 *
 * @param step the step's name; {@code element} its BPMN id
 * @param retries how often the engine will still try by itself; 0: someone must act
 */
public record Problem(String step, String element, String message, Instant since, int retries) {}
