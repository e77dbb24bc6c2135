package io.firedrill.client;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The server's REST API (docs/api.md). Every call throws {@link ApiException} when no server answers or it refuses.
 * Safe for use by several threads.
 */
public final class Api {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** For the audit trail: what was typed is told from what was clicked. */
    private static final String AGENT =
            "firedrill/" + Objects.requireNonNullElse(Api.class.getPackage().getImplementationVersion(), "development");

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

    /** The answer as it comes, for reports that are no text. */
    public byte[] getBytes(String path) {
        return send(request(path).GET(), BodyHandlers.ofByteArray(), bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The answer as it comes, however long, written on. */
    public void download(String path, OutputStream out) {
        try (InputStream body = send(request(path).GET(), BodyHandlers.ofInputStream(), Api::text)) {
            body.transferTo(out);
            out.flush();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private static String text(InputStream body) {
        try (body) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
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
                .header("User-Agent", AGENT)
                .header("Accept", "application/json, application/problem+json, text/*, application/pdf")
                .header("Authorization", "Bearer " + token)
                .header("Firedrill-Actor", headerText(actor));
    }

    /** Header values are ASCII; names travel as percent-encoded UTF-8 (docs/api.md). */
    static String headerText(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String send(HttpRequest.Builder request) {
        return send(request, BodyHandlers.ofString(), body -> body);
    }

    private <T> T send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> reader, Function<T, String> asText) {
        try {
            HttpResponse<T> response = http.send(request.build(), reader);
            if (response.statusCode() / 100 != 2) {
                throw ApiException.refused(
                        Problem.failure(response.statusCode(), asText.apply(response.body())), response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private ApiException unreachable(IOException e) {
        return ApiException.unreachable(
                new Failure(
                        "server-unreachable",
                        "The Firedrill server at %s does not answer%s.".formatted(server, reason(e)),
                        "Nothing was asked of it; runs that were going on resume when it is up again.",
                        "Start it with: firedrill up"),
                e);
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
