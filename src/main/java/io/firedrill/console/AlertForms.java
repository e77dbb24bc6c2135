package io.firedrill.console;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads Alertmanager's webhooks (version 4; what others add to them is passed over) and CloudEvents 1.0 in structured, batched
 * and binary mode.
 */
final class AlertForms {
    private static final String EVENT = "application/cloudevents+json";
    private static final String EVENTS = "application/cloudevents-batch+json";

    private final JsonMapper json;

    AlertForms(JsonMapper json) {
        this.json = json;
    }

    /**
     * @param header the request's, or null
     * @throws FailureException {@code bad-alert} saying what is missing where
     */
    List<Alert> read(String body, UnaryOperator<@Nullable String> header) {
        String type = String.valueOf(header.apply("Content-Type")).toLowerCase(Locale.ROOT);
        if (header.apply("ce-id") != null || header.apply("ce-specversion") != null) {
            return List.of(event(binary(body, header)));
        }
        JsonNode tree = tree(body);
        if (type.startsWith(EVENTS)) {
            List<Alert> alerts = new ArrayList<>();
            tree.forEach(event -> alerts.add(event(event)));
            return alerts;
        }
        return type.startsWith(EVENT) ? List.of(event(tree)) : alertmanager(tree);
    }

    private JsonNode tree(String body) {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw bad("The body is no JSON: " + e.getOriginalMessage());
        }
    }

    private List<Alert> alertmanager(JsonNode body) {
        if (!body.path("version").asString("").equals("4") || !body.path("alerts").isArray()) {
            throw bad("The body is no Alertmanager webhook of version 4: it wants version \"4\" and a list of alerts");
        }
        List<Alert> alerts = new ArrayList<>();
        for (JsonNode one : body.path("alerts")) {
            String fingerprint = required(one, "fingerprint");
            String status = required(one, "status");
            if (!status.equals("firing") && !status.equals("resolved")) {
                throw bad("The status of alert %s is '%s'; it must be firing or resolved".formatted(fingerprint, status));
            }
            Map<String, String> labels = texts(one.path("labels"));
            String episode = "alertmanager " + fingerprint + " " + required(one, "startsAt");
            boolean resolved = status.equals("resolved");
            alerts.add(new Alert(resolved ? episode + " resolved" : episode, episode, labels.getOrDefault("alertname", fingerprint), resolved, labels,
                    one.path("annotations").path("summary").asString(one.path("annotations").path("description").asString(""))));
        }
        return alerts;
    }

    private static String required(JsonNode alert, String field) {
        String text = alert.path(field).asString("");
        if (text.isBlank()) {
            throw bad("An alert has no '%s'".formatted(field));
        }
        return text;
    }

    /** The attributes stand in headers, percent-encoded where needed; the body is the data. */
    private ObjectNode binary(String body, UnaryOperator<@Nullable String> header) {
        ObjectNode event = json.createObjectNode();
        for (String name : List.of("id", "source", "specversion", "type", "subject", "time")) {
            String value = header.apply("ce-" + name);
            if (value != null) {
                event.put(name, value);
            }
        }
        if (!body.isBlank() && String.valueOf(header.apply("Content-Type")).contains("json")) {
            event.set("data", tree(body));
        }
        return event;
    }

    private static Alert event(JsonNode event) {
        for (String name : List.of("id", "source", "specversion", "type")) {
            if (event.path(name).asString("").isBlank()) {
                throw bad("The event has no attribute '%s', which CloudEvents requires".formatted(name));
            }
        }
        if (!event.path("specversion").asString().equals("1.0")) {
            throw bad("The event's specversion is '%s'; 1.0 is understood".formatted(event.path("specversion").asString()));
        }
        JsonNode data = event.path("data");
        Map<String, String> labels = texts(data);
        for (String name : List.of("type", "source", "subject")) {
            if (event.has(name)) {
                labels.put(name, event.path(name).asString());
            }
        }
        boolean resolved = data.path("status").asString("").equals("resolved");
        String source = event.path("source").asString();
        // One thing that is wrong: told by the same source about the same subject in the same words.
        String episode = "event %s %s %s".formatted(source, event.path("type").asString(), event.path("subject").asString(""));
        return new Alert("event %s %s".formatted(source, event.path("id").asString()), episode, event.path("type").asString(), resolved, labels,
                data.path("summary").asString(data.path("message").asString("")));
    }

    /** Texts, numbers, truth; what is nested is no label. */
    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                texts.put(entry.getKey(), entry.getValue().asString());
            }
        });
        return texts;
    }

    private static FailureException bad(String what) {
        return new Failure("bad-alert", what + ".", "Nothing was started or recorded.",
                        "Send what docs/alerts.md describes: an Alertmanager webhook, or a CloudEvent.")
                .lasting();
    }
}
