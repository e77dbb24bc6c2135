package io.firedrill.client;

import io.firedrill.failure.Failure;
import org.jspecify.annotations.Nullable;

/** The server refused a request, or there is no server. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int NO_ANSWER = 0;

    private final transient Failure failure;
    private final int status;

    private ApiException(Failure failure, int status, @Nullable Throwable cause) {
        super(failure.toString(), cause);
        this.failure = failure;
        this.status = status;
    }

    static ApiException refused(Failure failure, int status) {
        return new ApiException(failure, status, null);
    }

    static ApiException unreachable(Failure failure, @Nullable Throwable cause) {
        return new ApiException(failure, NO_ANSWER, cause);
    }

    public Failure failure() {
        return failure;
    }

    /** No server answered. */
    public boolean noServer() {
        return status == NO_ANSWER;
    }

    /** What was asked for does not exist or makes no sense: asking again the same way cannot work. */
    public boolean badInput() {
        return status == 400 || status == 404 || status == 422;
    }
}
