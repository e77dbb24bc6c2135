package io.firedrill.store;

import java.time.Instant;

/**
 * What a check said of one store's copy of a backup. Kept as a small object of its own beside the manifest, so that it
 * outlives the state database.
 *
 * @param good read back whole; false: quarantined
 * @param note why it is quarantined, or empty
 */
public record Verdict(boolean good, Instant at, String note) {}
