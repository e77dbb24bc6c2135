package io.firedrill.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.firedrill.plan.NotifyTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each kind of target is sent, as a real HTTP server gets it. */
class NotificationFormsTest {
    private static final Optional<URI> CONSOLE = Optional.of(URI.create("https://firedrill.example.org/"));

    @TempDir
    Path folder;

    private record Got(Headers headers, String body) {
        JsonNode json() {
            return new JsonMapper().readTree(body);
        }
    }

    private final List<Got> got = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private String url;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            got.add(new Got(exchange.getRequestHeaders(), new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(202, -1);
            exchange.close();
        });
        server.start();
        url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content + "\n");
    }

    private Got sent(NotifyTarget target, Message message) {
        assertThat(new Notifier(List.of(target), CONSOLE, null, List.of()).send(message)).isEqualTo(new Notifier.Sent(1, 0));
        return got.getLast();
    }

    private static Message message(Message.Level level) {
        return Message.of(level, "Nobody has answered yet", "INC-1", "INC-1", "42");
    }

    @Test
    void aSlackMessageEndsWithTheLink() throws IOException {
        Got slack = sent(new NotifyTarget.Slack(file("url", url)), message(Message.Level.TROUBLE));
        assertThat(slack.json().path("text").asString()).isEqualTo("Nobody has answered yet\nhttps://firedrill.example.org/runs/42");
        Message about = Message.of(Message.Level.NEWS, "x", "INC-1", "INC-1", null);
        assertThat(sent(new NotifyTarget.Slack(file("url", url)), about).body()).contains("org/incidents/INC-1");
    }

    @Test
    void aWebhookGetsACloudEventThatItsSecretSigned() throws IOException {
        Got event = sent(new NotifyTarget.Webhook(file("url", url), file("secret", "s3cret")), message(Message.Level.TROUBLE));
        assertThat(event.headers().getFirst("Content-Type")).isEqualTo("application/cloudevents+json");
        assertThat(event.json().path("specversion").asString()).isEqualTo("1.0");
        assertThat(event.json().path("type").asString()).isEqualTo("io.firedrill.notification.trouble");
        assertThat(event.json().path("subject").asString()).isEqualTo("INC-1");
        assertThat(event.json().path("data").path("link").asString()).isEqualTo("https://firedrill.example.org/runs/42");
        Matcher signature = Pattern.compile("t=(\\d+),v1=([0-9a-f]{64})").matcher(event.headers().getFirst("Firedrill-Signature"));
        assertThat(signature.matches()).isTrue();
        assertThat(opensslHmac("s3cret", signature.group(1) + "." + event.body())).isEqualTo(signature.group(2));
    }

    /** As a receiver would check it, by another implementation. */
    private static String opensslHmac(String secret, String text) throws IOException {
        Process openssl = new ProcessBuilder("openssl", "dgst", "-sha256", "-hmac", secret).start();
        try (var in = openssl.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().replaceFirst(".*= ?", "");
    }

    @Test
    void pagerDutyIsTriggeredAndResolvedByTheSameKey() throws IOException {
        NotifyTarget pager = new NotifyTarget.PagerDuty(file("key", "R0UT1NG"), URI.create(url));
        List<JsonNode> events = new ArrayList<>();
        events.add(sent(pager, message(Message.Level.TROUBLE)).json());
        events.add(sent(pager, message(Message.Level.WELL)).json());
        assertThat(events).extracting(event -> event.path("event_action").asString()).containsExactly("trigger", "resolve");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.path("routing_key").asString()).isEqualTo("R0UT1NG");
            assertThat(event.path("dedup_key").asString()).isEqualTo("firedrill INC-1");
            assertThat(event.path("payload").path("summary").asString()).isEqualTo("Nobody has answered yet");
            assertThat(event.path("links").get(0).path("href").asString()).endsWith("/runs/42");
        });
        assertThat(events.getFirst().path("payload").path("severity").asString()).isEqualTo("critical");
    }
}
