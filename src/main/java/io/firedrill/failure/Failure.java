package io.firedrill.failure;

import java.util.Objects;

/**
 * A failure a person sees. It travels unchanged to the process variable, the page and the command line.
 *
 * @param code stable kebab-case name, for tests and machines, e.g. {@code wrong-password}
 * @param what what failed, one sentence naming the server, file or field
 * @param meaning what that means for the person's data
 * @param next what to do next
 */
public record Failure(String code, String what, String meaning, String next) {
    public Failure {
        Objects.requireNonNull(code);
        Objects.requireNonNull(what);
        Objects.requireNonNull(meaning);
        Objects.requireNonNull(next);
    }

    /** A failure that waiting may cure: the engine retries with back-off before it asks a person. */
    public FailureException passing() {
        return new FailureException(this, true, null);
    }

    /** A failure that only a person or another choice can cure. */
    public FailureException lasting() {
        return new FailureException(this, false, null);
    }

    /** As {@link #passing()}, keeping the exception that told of it for the log. */
    public FailureException passing(Throwable cause) {
        return new FailureException(this, true, cause);
    }

    /** As {@link #lasting()}, keeping the exception that told of it for the log. */
    public FailureException lasting(Throwable cause) {
        return new FailureException(this, false, cause);
    }

    @Override
    public String toString() {
        return what + " " + meaning + " " + next;
    }
}
