package io.firedrill.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.NotifyTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real webhook that fails as it is told to. */
class NotifierTest {
    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(1), Duration.ofMillis(1));

    @TempDir
    Path folder;

    private HttpServer webhook;
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private Notifier notifier;

    @BeforeEach
    void listen() throws IOException {
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(answers.isEmpty() ? 200 : answers.poll(), -1);
            exchange.close();
        });
        webhook.start();
        Path url = folder.resolve("slack-url");
        Files.writeString(url, "http://127.0.0.1:" + webhook.getAddress().getPort() + "/hook-with-secret\n");
        notifier = new Notifier(List.of(new NotifyTarget.Slack(url)), Optional.empty(), null, PAUSES);
    }

    @AfterEach
    void stop() {
        webhook.stop(0);
    }

    @Test
    void aWebhookThatFailsForAMomentIsTriedAgain() {
        answers.addAll(List.of(503, 429));
        assertThat(notifier.send("hello")).isEqualTo(new Notifier.Sent(1, 0));
        assertThat(bodies).containsExactly("{\"text\":\"hello\"}", "{\"text\":\"hello\"}", "{\"text\":\"hello\"}");
        assertThat(notifier.delivered()).isEqualTo(1);
        assertThat(notifier.failed()).isZero();
    }

    @Test
    void oneThatKeepsFailingIsGivenUpCountedAndNamedWithoutItsUrl() {
        answers.addAll(List.of(500, 500, 500, 500));
        assertThatThrownBy(() -> notifier.send("hello"))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("answered 500")
                .hasMessageNotContaining("hook-with-secret");
        assertThat(bodies).hasSize(3);
        assertThat(notifier.failed()).isEqualTo(1);
    }

    @Test
    void whatItRefusesIsNotSentAgain() {
        answers.add(404);
        assertThatThrownBy(() -> notifier.send("hello")).isInstanceOf(FailureException.class);
        assertThat(bodies).hasSize(1);
    }

    @Test
    void oneThatIsNotThereIsTriedAgainAndCounted() {
        webhook.stop(0);
        assertThatThrownBy(() -> notifier.send("hello")).isInstanceOf(FailureException.class);
        assertThat(notifier.failed()).isEqualTo(1);
    }
}
