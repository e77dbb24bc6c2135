package io.firedrill.diagnosis.rewind;

/** A transaction that changed most rows of a table. */
public record MassChange(RelationFile file, Suspect suspect) {}
