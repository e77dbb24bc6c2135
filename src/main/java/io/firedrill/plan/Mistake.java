package io.firedrill.plan;

import java.nio.file.Path;

/**
 * One mistake in a plan file.
 *
 * @param line from 1
 * @param column from 1
 * @param what what is wrong
 * @param instead what to write instead
 */
public record Mistake(Path file, int line, int column, String what, String instead) {
    @Override
    public String toString() {
        return "%s:%d:%d: %s %s".formatted(file, line, column, what, instead);
    }
}
