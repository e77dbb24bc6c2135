package io.firedrill.console;

import io.firedrill.console.access.Deed;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Failures as RFC 9457 problem details. */
@RestControllerAdvice(annotations = RestController.class)
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    @ExceptionHandler
    ProblemDetail failed(FailureException e) {
        Deed.failed(e.failure());
        return problem(status(e), e.failure());
    }

    @ExceptionHandler
    ProblemDetail unreadable(HttpMessageNotReadableException e) {
        return problem(
                HttpStatus.BAD_REQUEST,
                new Failure(
                        "bad-json",
                        "The request's body could not be read: " + e.getMostSpecificCause().getMessage(),
                        "Nothing was done.",
                        "See docs/api.md for the body this call takes."));
    }

    @ExceptionHandler
    ProblemDetail mistyped(TypeMismatchException e) {
        return problem(
                HttpStatus.BAD_REQUEST,
                new Failure(
                        "bad-parameter",
                        "'%s' does not fit%s.".formatted(e.getValue(), e.getPropertyName() == null ? "" : " " + e.getPropertyName()),
                        "Nothing was done.",
                        "See docs/api.md for what this call takes."));
    }

    @ExceptionHandler
    ProblemDetail unforeseen(RuntimeException e) {
        if (e instanceof org.springframework.web.ErrorResponse response) {
            return response.getBody();
        }
        LOG.error("unforeseen", e);
        return problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                new Failure(
                        "unexpected",
                        "The server failed in a way nobody foresaw: " + e,
                        "This call may or may not have taken effect; runs that go on are not touched.",
                        "Look at the runs, and into the server's log."));
    }

    private static HttpStatusCode status(FailureException e) {
        String code = e.failure().code();
        if (code.startsWith("unknown-") || code.equals("task-gone")) {
            return HttpStatus.NOT_FOUND;
        }
        if (code.startsWith("bad-")) {
            return HttpStatus.BAD_REQUEST;
        }
        if (code.startsWith("already-") || code.equals("undo-not-available") || code.equals("not-cancellable") || code.equals("not-skippable")) {
            return HttpStatus.CONFLICT;
        }
        if (code.equals("four-eyes") || code.equals("missing-role")) {
            return HttpStatus.FORBIDDEN;
        }
        return e.passing() ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.UNPROCESSABLE_CONTENT;
    }

    private static ProblemDetail problem(HttpStatusCode status, Failure failure) {
        ProblemDetail detail = ProblemDetail.forStatusAndDetail(status, failure.what());
        detail.setProperty("code", failure.code());
        detail.setProperty("what", failure.what());
        detail.setProperty("meaning", failure.meaning());
        detail.setProperty("next", failure.next());
        return detail;
    }
}
