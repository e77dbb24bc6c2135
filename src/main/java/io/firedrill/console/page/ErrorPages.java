package io.firedrill.console.page;

import io.firedrill.failure.Failure;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.RequestMapping;

/** What the server answers outside of any page: no such page, not allowed, a form too old. */
@Controller
final class ErrorPages implements ErrorController {
    @RequestMapping("/error")
    Object error(HttpServletRequest request, Model model) {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        if (String.valueOf(path).startsWith("/api")) {
            int code = status instanceof Integer known ? known : 500;
            return ResponseEntity.status(code).body(ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(code), of(code, path).what()));
        }
        Object known = request.getAttribute("io.firedrill.failure");
        model.addAttribute(
                "failure", known instanceof Failure failure ? failure : of(status instanceof Integer code ? code : 500, path));
        return "problem";
    }

    static Failure of(int status, Object path) {
        return switch (status) {
            case 404 -> new Failure("unknown-page", "There is no page %s.".formatted(path), "Nothing was done.",
                    "Start from Now.");
            case 400, 405, 415 -> new Failure("bad-request", "The server did not understand this request.", "Nothing was done.",
                    "Go back, reload the page and try again.");
            default -> new Failure("unexpected", "The server failed in a way nobody foresaw (%d).".formatted(status),
                    "What you asked for may or may not have taken effect; runs that go on are not touched.",
                    "Look at the runs, and into the server's log.");
        };
    }
}
