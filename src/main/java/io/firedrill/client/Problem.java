package io.firedrill.client;

import io.firedrill.failure.Failure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A refusal's body ({@code application/problem+json}) as a failure. */
final class Problem {
    private Problem() {}

    static Failure failure(int status, String body) {
        JsonNode problem = parsed(body);
        String code = Json.text(problem, "code", "http-" + status);
        return new Failure(
                code,
                Json.text(problem, "what").or(() -> Json.text(problem, "detail")).or(() -> Json.text(problem, "title"))
                        .orElse("The server refused the request (HTTP " + status + ")."),
                Json.text(problem, "meaning", status >= 500 ? "It is not known whether it was done." : "Nothing was done."),
                Json.text(problem, "next", next(status)));
    }

    private static String next(int status) {
        return switch (status) {
            case 401, 403 -> "Use the token that `firedrill up` wrote (--token-file).";
            case 404 -> "Check the name; list what there is with: firedrill runs, tasks, backups.";
            default -> "Look into the server's log (server.log in Firedrill's folder).";
        };
    }

    private static JsonNode parsed(String body) {
        try {
            return body.isBlank() ? Json.object() : Json.parse(body);
        } catch (JacksonException e) {
            return Json.object();
        }
    }
}
