package io.firedrill.plan;

/** Where the state database is. */
public sealed interface StatePlan {
    /** A PostgreSQL server that {@code up} starts beside Firedrill. */
    record Embedded() implements StatePlan {}

    record External(Database database) implements StatePlan {}
}
