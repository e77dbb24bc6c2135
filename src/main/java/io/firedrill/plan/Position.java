package io.firedrill.plan;

import java.nio.file.Path;

/**
 * A place in a plan file.
 *
 * @param line from 1
 * @param column from 1, in characters
 */
public record Position(Path file, int line, int column) {
    /** A mistake found here, by this package or by a later check (e.g. that a server does not answer). */
    public Mistake mistake(String what, String instead) {
        return new Mistake(file, line, column, what, instead);
    }
}
