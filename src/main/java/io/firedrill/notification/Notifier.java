package io.firedrill.notification;

import io.firedrill.failure.Failure;
import io.firedrill.plan.NotifyTarget;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Sends a message to every target of the plan, and to the log. */
public final class Notifier {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final List<NotifyTarget> targets;
    private final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(DEADLINE).build();

    public Notifier(List<NotifyTarget> targets) {
        this.targets = List.copyOf(targets);
    }

    /**
     * @return how many targets took it; 0 when the plan names none
     * @throws io.firedrill.failure.FailureException {@code notification-failed}, passing, naming the targets that did not
     *     take it; the others have it
     */
    public int send(String text) {
        LOG.info("notification: {}", text);
        List<String> failed = targets.stream()
                .map(target -> deliver(target, text))
                .filter(problem -> !problem.isEmpty())
                .toList();
        if (!failed.isEmpty()) {
            throw new Failure(
                            "notification-failed",
                            "A notification could not be delivered: " + String.join("; ", failed) + ".",
                            "Nobody may know: \"" + text + "\"",
                            "Check the notify entries of the plan, and tell people another way.")
                    .passing();
        }
        return targets.size();
    }

    /** Empty when delivered, else why not; never the target's URL, which is a secret. */
    private String deliver(NotifyTarget target, String text) {
        return switch (target) {
            case NotifyTarget.Slack slack -> post(slack, text);
        };
    }

    private String post(NotifyTarget.Slack slack, String text) {
        try {
            URI url = URI.create(Files.readString(slack.urlFile()).strip());
            HttpRequest request = HttpRequest.newBuilder(url)
                    .timeout(DEADLINE)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(Map.of("text", text))))
                    .build();
            int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status / 100 == 2 ? "" : "webhook of " + slack.urlFile() + " answered " + status;
        } catch (IOException | IllegalArgumentException e) {
            return "webhook of " + slack.urlFile() + ": " + e.getClass().getSimpleName();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "webhook of " + slack.urlFile() + ": interrupted";
        }
    }
}
