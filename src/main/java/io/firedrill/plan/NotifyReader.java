package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code notify}. */
final class NotifyReader {
    static final Keys KEYS = Keys.of("slack", "webhook", "secretFile", "pagerduty", "endpoint").notYet("email");
    private static final List<String> KINDS = List.of("slack", "webhook", "pagerduty");

    private NotifyReader() {}

    static List<NotifyTarget> read(Value value) {
        List<NotifyTarget> targets = new ArrayList<>();
        for (Value item : value.items("notify: [{slack: secrets/slack-url}]")) {
            Section section = Section.open(item, "a notify target", KEYS, "- {slack: secrets/slack-url}");
            List<String> kinds = KINDS.stream().filter(section::has).toList();
            if (kinds.isEmpty() && section.isMap() && !section.has("email")) {
                section.mistake("A notify target has no 'slack', 'webhook' or 'pagerduty'.", "Add slack: secrets/slack-url");
            } else if (kinds.size() > 1) {
                section.mistake("A notify target has %s.".formatted(String.join(" and ", kinds)), "Make %d targets of it.".formatted(kinds.size()));
            } else if (kinds.size() == 1) {
                target(kinds.getFirst(), section).ifPresent(targets::add);
            }
        }
        return targets;
    }

    private static Optional<NotifyTarget> target(String kind, Section section) {
        belongs(section, kind, "secretFile", "webhook");
        belongs(section, kind, "endpoint", "pagerduty");
        return switch (kind) {
            case "slack" -> section.optional("slack").flatMap(PlanFiles::webhook).map(NotifyTarget.Slack::new);
            case "webhook" -> {
                Optional<Path> url = section.optional("webhook").flatMap(PlanFiles::webhook);
                Optional<Path> secret = section.required("secretFile", "secrets/webhook-secret, a file that holds the secret that signs")
                        .flatMap(PlanFiles::existing);
                yield url.flatMap(file -> secret.map(key -> new NotifyTarget.Webhook(file, key)));
            }
            default -> {
                URI endpoint = section.optional("endpoint")
                        .flatMap(value -> WebAddress.read(value, "https://events.eu.pagerduty.com/v2/enqueue"))
                        .orElse(NotifyTarget.PagerDuty.ENDPOINT);
                yield section.optional("pagerduty").flatMap(PlanFiles::existing).map(file -> new NotifyTarget.PagerDuty(file, endpoint));
            }
        };
    }

    private static void belongs(Section section, String kind, String key, String owner) {
        section.optional(key).filter(value -> !kind.equals(owner)).ifPresent(value ->
                value.mistakeAtKey("'%s' goes with '%s'.".formatted(key, owner), "Remove it."));
    }
}
