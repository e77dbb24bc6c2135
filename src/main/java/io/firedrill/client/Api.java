package io.firedrill.client;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The server's REST API (docs/api.md). Every call throws {@link ApiException} when no server answers or it refuses.
 * Safe for use by several threads.
 */
public final class Api {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    private final URI server;
    private final String token;
    private final String actor;

    /**
     * @param server e.g. {@code http://127.0.0.1:8700}
     * @param actor the person acting; four eyes compares these names
     */
    public Api(URI server, String token, String actor) {
        this.server = server;
        this.token = token;
        this.actor = actor;
    }

    /** The same server, another person. */
    public Api as(String otherActor) {
        return new Api(server, token, otherActor);
    }

    public URI server() {
        return server;
    }

    /** @param path below {@code /api}, e.g. {@code /runs?limit=5} */
    public JsonNode get(String path) {
        return json(send(request(path).GET()));
    }

    /** The answer as it comes, for reports. */
    public String getText(String path) {
        return send(request(path).GET());
    }

    /** An empty answer is an empty object. */
    public JsonNode post(String path, JsonNode body) {
        return json(send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.toString().replaceAll("/+$", "") + "/api" + path))
                .timeout(PATIENCE)
                .header("Accept", "application/json, application/problem+json, text/*")
                .header("Authorization", "Bearer " + token)
                .header("Firedrill-Actor", headerText(actor));
    }

    /** Header values are ASCII; other names travel as RFC 2047 encoded words. */
    private static String headerText(String name) {
        return name.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
                ? name
                : "=?UTF-8?B?" + Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    private String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw ApiException.refused(Problem.failure(response.statusCode(), response.body()), response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw ApiException.unreachable(
                    new Failure(
                            "server-unreachable",
                            "The Firedrill server at %s does not answer%s.".formatted(server, reason(e)),
                            "Nothing was asked of it; runs that were going on resume when it is up again.",
                            "Start it with: firedrill up"),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? "" : ": " + e.getMessage();
    }

    private JsonNode json(String body) {
        try {
            return body.isBlank() ? Json.object() : Json.parse(body);
        } catch (JacksonException e) {
            throw ApiException.unreachable(
                    new Failure(
                            "not-firedrill",
                            "What answers at %s is no Firedrill server.".formatted(server),
                            "Nothing was asked of Firedrill.",
                            "Check the address given by --server."),
                    e);
        }
    }
}
