package io.firedrill.store;

import java.time.Instant;

/**
 * A legal hold on a backup, or its end: while it holds, no retention removes the backup.
 *
 * @param held false: released
 * @param at by the clock of who said it; which of several holds is told by the order in the store, not by this
 * @param by the person
 * @param reason never empty
 */
public record Hold(boolean held, Instant at, String by, String reason) {}
