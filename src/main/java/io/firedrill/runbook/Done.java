package io.firedrill.runbook;

/** Result of a step that writes nothing but what it says it did. */
public record Done(String summary) {}
