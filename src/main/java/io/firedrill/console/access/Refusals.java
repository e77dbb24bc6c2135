package io.firedrill.console.access;

import io.firedrill.failure.Failure;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import tools.jackson.databind.json.JsonMapper;

/** What somebody gets who may not: programs a problem document, people a page that says why. */
final class Refusals implements AuthenticationEntryPoint, AccessDeniedHandler {
    /** Request attribute with the {@link Failure} that the error page shows. */
    static final String FAILURE = "io.firedrill.failure";

    private final JsonMapper json;
    private final Recorder recorder;

    Refusals(JsonMapper json, Recorder recorder) {
        this.json = json;
        this.recorder = recorder;
    }

    /** As the audit trail has it: without the secret of a one-time link. */
    static String what(HttpServletRequest request) {
        return request.getMethod() + " " + request.getRequestURI().replaceFirst("/welcome/.*", "/welcome/…");
    }

    static boolean forPrograms(HttpServletRequest request) {
        String path = request.getRequestURI();
        return path.startsWith("/api/") || path.equals("/api") || path.startsWith("/actuator");
    }

    /** Nobody is signed in. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (!forPrograms(request)) {
            response.sendRedirect(request.getContextPath() + "/sign-in");
            return;
        }
        response.setHeader("WWW-Authenticate", "Bearer");
        write(request, response, HttpServletResponse.SC_UNAUTHORIZED, new Failure(
                "no-token",
                "The request does not say who sends it.",
                "Nothing was done.",
                "Send Authorization: Bearer with the content of the token file that firedrill up names, or an API token"
                        + " made by firedrill token create."));
    }

    /** Somebody may not, or the request did not come from one of our pages. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        String name = who == null ? "somebody" : who.getName();
        boolean stale = e instanceof CsrfException;
        recorder.denied(name, "request", stale ? "no valid form token" : "role missing");
        write(request, response, HttpServletResponse.SC_FORBIDDEN, stale ? staleForm() : missingRole(name));
    }

    private static Failure staleForm() {
        return new Failure(
                "stale-form",
                "This form is too old, or did not come from a page of this server.",
                "Nothing was done.",
                "Go back, reload the page and send it again.");
    }

    private static Failure missingRole(String name) {
        return new Failure(
                "missing-role",
                "%s may not do this.".formatted(name),
                "Nothing was done.",
                "Ask somebody whose role allows it, or an admin to give you the role.");
    }

    void write(HttpServletRequest request, HttpServletResponse response, int status, Failure failure) throws IOException {
        if (!forPrograms(request)) {
            request.setAttribute(FAILURE, failure);
            request.setAttribute(RequestDispatcher.ERROR_STATUS_CODE, status);
            response.sendError(status);
            return;
        }
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("status", status);
        problem.put("title", HttpStatus.valueOf(status).getReasonPhrase());
        problem.put("detail", failure.what());
        problem.put("code", failure.code());
        problem.put("what", failure.what());
        problem.put("meaning", failure.meaning());
        problem.put("next", failure.next());
        response.setStatus(status);
        response.setContentType("application/problem+json");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().write(json.writeValueAsString(problem));
    }
}
