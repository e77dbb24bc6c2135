package io.firedrill.history;

/** Timelines of incidents. */
@FunctionalInterface
public interface Timelines {
    Timeline of(String incident);
}
