package io.firedrill.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** How many bytes a page brings over the line, with all it names, as a browser asks for them: compressed. */
final class PageWeight {
    private static final Pattern NAMED = Pattern.compile("(?:src|href)=\"(/(?:assets|vendor)/[^\"]+)\"");
    private static final String DIAGRAM_VIEWER = "/vendor/bpmn-js/";

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI server;
    private final String token;

    PageWeight(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    /** The diagram viewer is its makers' and does not count. */
    long of(String path) {
        String page = new String(get(path, "identity").body(), StandardCharsets.UTF_8);
        Set<String> named = new LinkedHashSet<>(NAMED.matcher(page).results().map((MatchResult found) -> found.group(1)).toList());
        return get(path, "gzip").body().length
                + named.stream().filter(one -> !one.startsWith(DIAGRAM_VIEWER)).mapToLong(one -> get(one, "gzip").body().length).sum();
    }

    private HttpResponse<byte[]> get(String path, String encoding) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Firedrill-Actor", "weigher")
                .header("Accept", "text/html, */*")
                .header("Accept-Encoding", encoding)
                .build();
        try {
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new AssertionError(path + " answered " + answer.statusCode());
            }
            return answer;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
