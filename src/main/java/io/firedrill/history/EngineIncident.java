package io.firedrill.history;

/**
 * An incident of the engine: a step without retries left, an expression that failed.
 *
 * @param job key of the job it is about; 0 when it is about none
 */
public record EngineIncident(long key, long job) {}
