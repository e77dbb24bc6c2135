package io.firedrill.failure;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} up to the place that shows it. */
public final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failure failure;
    private final boolean passing;

    FailureException(Failure failure, boolean passing, @Nullable Throwable cause) {
        super(failure.toString(), cause);
        this.failure = failure;
        this.passing = passing;
    }

    public Failure failure() {
        return failure;
    }

    /** Whether waiting may cure it (network, server restarting), so that a retry makes sense. */
    public boolean passing() {
        return passing;
    }
}
