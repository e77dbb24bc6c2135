package io.firedrill.console;

/** A run was started; {@code run} is its id. */
record Started(long run) {}
