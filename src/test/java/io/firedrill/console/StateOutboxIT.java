package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.firedrill.notification.Message;
import io.firedrill.notification.Notifier;
import io.firedrill.plan.NotifyTarget;
import io.firedrill.proof.ThrowawayPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a target does not take waits in the state database and is sent by whichever server is there later. */
class StateOutboxIT {
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();
    private static final Duration OFTEN = Duration.ofMillis(50);

    private volatile int answer = 503;
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    @Test
    void aMessageOutlivesTheServerThatCouldNotSendItAndIsSentOnceByOneOfSeveral(@TempDir Path folder) throws IOException {
        POSTGRES.create("outbox");
        DataSource state = POSTGRES.dataSource("outbox");
        Flyway.configure().dataSource(state).schemas("firedrill").outOfOrder(true).load().migrate();
        HttpServer hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hook.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (answer == 200) {
                bodies.add(body);
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        hook.start();
        try {
            Path url = Files.writeString(folder.resolve("url"), "http://127.0.0.1:" + hook.getAddress().getPort() + "/");
            List<NotifyTarget> targets = List.of(new NotifyTarget.Slack(url));
            try (StateOutbox outbox = new StateOutbox(state, Clock.systemUTC())) {
                Notifier notifier = new Notifier(targets, Optional.empty(), outbox);
                outbox.start(notifier, OFTEN);
                assertThat(notifier.send("the backup failed")).isEqualTo(new Notifier.Sent(0, 1));
            }
            Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));
            try (StateOutbox one = new StateOutbox(state, later); StateOutbox two = new StateOutbox(state, later)) {
                Notifier first = new Notifier(targets, Optional.empty(), one);
                Notifier second = new Notifier(targets, Optional.empty(), two);
                one.start(first, OFTEN);
                two.start(second, OFTEN);
                Awaitility.await().untilAsserted(() -> assertThat(POSTGRES.value("outbox", "select tries from firedrill.outbox")).isEqualTo("2"));
                assertThat(POSTGRES.value("outbox", "select problem from firedrill.outbox")).contains("answered 503").doesNotContain("http");
                answer = 200;
                POSTGRES.sql("outbox", "update firedrill.outbox set next_at = now()");
                Awaitility.await().untilAsserted(() -> assertThat(POSTGRES.value("outbox", "select count(*) from firedrill.outbox")).isEqualTo("0"));
                assertThat(bodies).containsExactly("{\"text\":\"the backup failed\"}");
                assertThat(first.delivered() + second.delivered()).isEqualTo(1);

                answer = 503;
                first.send(Message.of(Message.Level.NEWS, "old news", "x", null, null));
                POSTGRES.sql("outbox", "update firedrill.outbox set first_at = now() - interval '25 hours', next_at = now()");
                Awaitility.await().untilAsserted(() -> assertThat(POSTGRES.value("outbox", "select count(*) from firedrill.outbox")).isEqualTo("0"));
                assertThat(first.failed() + second.failed()).as("given up after a day").isEqualTo(1);
            }
        } finally {
            hook.stop(0);
            POSTGRES.drop("outbox");
        }
    }
}
