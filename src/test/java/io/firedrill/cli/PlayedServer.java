package io.firedrill.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP server that plays the answers of docs/api.md: each call gets the next answer set up for it, the last for ever. */
final class PlayedServer implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef";

    private final HttpServer http;
    private final Map<String, Deque<Answer>> answers = Collections.synchronizedMap(new LinkedHashMap<>());
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    private record Answer(int status, String type, String body) {}

    /** @param call method and path with query, e.g. {@code GET /api/runs?limit=20} */
    record Request(String call, String token, String actor, String body) {}

    PlayedServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::handle);
        http.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    PlayedServer answers(String call, String json) {
        return answers(call, 200, "application/json", json);
    }

    PlayedServer refuses(String call, int status, String problem) {
        return answers(call, status, "application/problem+json", problem);
    }

    PlayedServer answers(String call, int status, String type, String body) {
        answers.computeIfAbsent(call, key -> new ArrayDeque<>()).add(new Answer(status, type, body));
        return this;
    }

    List<Request> requests() {
        return requests;
    }

    /** The one request made by that call. */
    Request request(String call) {
        return requests.stream().filter(r -> r.call().equals(call)).findFirst()
                .orElseThrow(() -> new AssertionError(call + " was not called, but " + requests));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String call = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        requests.add(new Request(call, token, String.valueOf(exchange.getRequestHeaders().getFirst("Firedrill-Actor")), body));
        send(exchange, token.equals("Bearer " + TOKEN) ? next(call) : new Answer(401, "application/json", "{}"));
    }

    private Answer next(String call) {
        Deque<Answer> left = answers.get(call);
        if (left == null) {
            return new Answer(404, "application/problem+json", "{\"what\": \"nothing set up for " + call + "\"}");
        }
        synchronized (left) {
            return left.size() > 1 ? left.poll() : left.element();
        }
    }

    private static void send(HttpExchange exchange, Answer answer) {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        try (exchange) {
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
