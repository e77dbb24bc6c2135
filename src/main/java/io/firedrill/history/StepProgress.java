package io.firedrill.history;

/** How far an active step is; {@code total} is 0 when unknown, {@code unit} is {@code bytes}, {@code rows}, {@code files}. */
public record StepProgress(String what, long done, long total, String unit) {}
