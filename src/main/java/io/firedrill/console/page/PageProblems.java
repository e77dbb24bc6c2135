package io.firedrill.console.page;

import io.firedrill.console.access.Deed;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.ModelAndView;

/** Failures as pages: what failed, what it means for the data, what to do next. */
@ControllerAdvice(basePackageClasses = PageProblems.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PageProblems {
    private static final Logger LOG = LoggerFactory.getLogger(PageProblems.class);

    @ExceptionHandler
    ModelAndView failed(FailureException e, HttpServletResponse response) {
        Deed.failed(e.failure());
        String code = e.failure().code();
        response.setStatus(code.startsWith("unknown-") || code.equals("task-gone") ? 404 : e.passing() ? 503 : 422);
        return page(e.failure());
    }

    /** Whoever asked has gone: there is nobody to show a page to. */
    @ExceptionHandler({AsyncRequestNotUsableException.class, IOException.class})
    void gone() {}

    @ExceptionHandler
    ModelAndView unforeseen(Exception e, HttpServletRequest request, HttpServletResponse response) {
        if (e instanceof ErrorResponse known) {
            response.setStatus(known.getStatusCode().value());
            return page(ErrorPages.of(known.getStatusCode().value(), request.getRequestURI()));
        }
        LOG.error("unforeseen at {}", request.getRequestURI(), e);
        response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        return page(new Failure(
                "unexpected",
                "The server failed in a way nobody foresaw: " + Objects.requireNonNullElse(e.getMessage(), e.toString()),
                "What you asked for may or may not have taken effect; runs that go on are not touched.",
                "Look at the runs, and into the server's log."));
    }

    private static ModelAndView page(Failure failure) {
        return new ModelAndView("problem").addObject("failure", failure);
    }
}
