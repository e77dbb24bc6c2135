package io.firedrill.notification;

import io.firedrill.plan.NotifyTarget;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** A message as each kind of target wants it. */
final class Forms {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    /** PagerDuty's limits. */
    private static final int LONGEST_SUMMARY = 1024;
    private static final int LONGEST_KEY = 255;

    private final JsonMapper json = new JsonMapper();
    private final Optional<URI> console;
    private final Clock clock;

    Forms(Optional<URI> console, Clock clock) {
        this.console = console;
        this.clock = clock;
    }

    /** @throws IllegalArgumentException when the target's file holds no URL */
    HttpRequest request(NotifyTarget.Posted target, Message message) throws IOException {
        return switch (target) {
            case NotifyTarget.Slack slack -> post(URI.create(line(slack.urlFile())), "application/json", slack(message)).build();
            case NotifyTarget.Webhook webhook -> {
                String body = json.writeValueAsString(event(message));
                String at = String.valueOf(clock.instant().getEpochSecond());
                yield post(URI.create(line(webhook.urlFile())), "application/cloudevents+json", body)
                        .header("Firedrill-Signature", "t=%s,v1=%s".formatted(at, signed(line(webhook.secretFile()), at + "." + body)))
                        .build();
            }
            case NotifyTarget.PagerDuty pager ->
                post(pager.endpoint(), "application/json", json.writeValueAsString(page(line(pager.routingKeyFile()), message))).build();
        };
    }

    private static HttpRequest.Builder post(URI url, String type, String body) {
        return HttpRequest.newBuilder(url).timeout(DEADLINE).header("Content-Type", type).POST(BodyPublishers.ofString(body));
    }

    private static String line(Path file) throws IOException {
        return Files.readString(file).strip();
    }

    /** The page to open; empty when the plan does not say where the console is. */
    Optional<String> link(Message message) {
        return console.map(address -> address.toString().replaceAll("/+$", "") + page(message));
    }

    private static String page(Message message) {
        return message.run() != null ? "/runs/" + message.run() : message.incident() != null ? "/incidents/" + message.incident() : "/";
    }

    private String slack(Message message) {
        return json.writeValueAsString(Map.of("text", message.text() + link(message).map(link -> "\n" + link).orElse("")));
    }

    String mail(Message message) {
        StringBuilder text = new StringBuilder(message.text()).append("\n");
        link(message).ifPresent(link -> text.append("\n").append(link).append("\n"));
        Optional.ofNullable(message.incident()).ifPresent(incident -> text.append("\nIncident: ").append(incident));
        Optional.ofNullable(message.run()).ifPresent(run -> text.append("\nRun: ").append(run));
        return text.append("\nSaid at: ").append(message.at()).append("\n").toString();
    }

    private Map<String, Object> event(Message message) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("text", message.text());
        data.put("level", message.level().name().toLowerCase(Locale.ROOT));
        Optional.ofNullable(message.incident()).ifPresent(incident -> data.put("incident", incident));
        Optional.ofNullable(message.run()).ifPresent(run -> data.put("run", run));
        link(message).ifPresent(link -> data.put("link", link));
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", message.id());
        event.put("source", console.map(URI::toString).orElse("urn:firedrill"));
        event.put("type", "io.firedrill.notification." + message.level().name().toLowerCase(Locale.ROOT));
        event.put("time", message.at().toString());
        event.put("subject", message.about());
        event.put("datacontenttype", "application/json");
        event.put("data", data);
        return event;
    }

    private Map<String, Object> page(String routingKey, Message message) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("routing_key", routingKey);
        event.put("event_action", message.level() == Message.Level.WELL ? "resolve" : "trigger");
        event.put("dedup_key", cut("firedrill " + message.about(), LONGEST_KEY));
        event.put("client", "Firedrill");
        link(message).ifPresent(link -> {
            event.put("client_url", link);
            event.put("links", List.of(Map.of("href", link)));
        });
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("summary", cut(message.text(), LONGEST_SUMMARY));
        payload.put("source", "firedrill");
        payload.put("severity", message.level() == Message.Level.TROUBLE ? "critical" : "info");
        payload.put("timestamp", message.at().toString());
        event.put("payload", payload);
        return event;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    static String signed(String secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
