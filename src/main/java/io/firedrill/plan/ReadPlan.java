package io.firedrill.plan;

/** A valid plan, and where in the file each part of it stands. */
public record ReadPlan(RecoveryPlan plan, Positions positions) {}
