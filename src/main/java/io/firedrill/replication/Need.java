package io.firedrill.replication;

/**
 * One thing that a primary lacks to have standbys.
 *
 * @param kind {@code setting}, {@code role} or {@code hba}
 * @param name of the setting or role; empty for a line of pg_hba.conf
 * @param value what it is set to; the line
 * @param restart whether it takes a restart of the primary
 * @param text for people, with what it is now
 */
public record Need(String kind, String name, String value, boolean restart, String text) {}
