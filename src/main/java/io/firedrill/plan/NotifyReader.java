package io.firedrill.plan;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code notify}. */
final class NotifyReader {
    private static final List<String> KINDS = List.of("slack", "webhook", "pagerduty", "email");
    private static final Map<String, Set<String>> BELONGING = Map.of(
            "slack", Set.of(),
            "webhook", Set.of("secretFile"),
            "pagerduty", Set.of("endpoint"),
            "email", Set.of("from", "smtp", "user", "passwordFile"));
    static final Keys KEYS =
            Keys.of("slack", "webhook", "secretFile", "pagerduty", "endpoint", "email", "from", "smtp", "user", "passwordFile");
    /** One address as it stands between the angle brackets of a mail; its server says whether it exists. */
    private static final Pattern ADDRESS = Pattern.compile("[^\\s@<>(),;:\\\\\"\\[\\]]+@[^\\s@<>(),;:\\\\\"]+");

    private NotifyReader() {}

    static List<NotifyTarget> read(Value value) {
        List<NotifyTarget> targets = new ArrayList<>();
        for (Value item : value.items("notify: [{slack: secrets/slack-url}]")) {
            Section section = Section.open(item, "a notify target", KEYS, "- {slack: secrets/slack-url}");
            List<String> kinds = KINDS.stream().filter(section::has).toList();
            if (kinds.isEmpty() && section.isMap()) {
                section.mistake("A notify target has no 'slack', 'webhook', 'pagerduty' or 'email'.", "Add slack: secrets/slack-url");
            } else if (kinds.size() > 1) {
                section.mistake("A notify target has %s.".formatted(String.join(" and ", kinds)), "Make %d targets of it.".formatted(kinds.size()));
            } else if (kinds.size() == 1) {
                belong(section, kinds.getFirst());
                target(kinds.getFirst(), section).ifPresent(targets::add);
            }
        }
        return targets;
    }

    private static void belong(Section section, String kind) {
        BELONGING.forEach((owner, keys) -> keys.stream().filter(key -> !owner.equals(kind)).forEach(key ->
                section.optional(key).ifPresent(value ->
                        value.mistakeAtKey("'%s' goes with '%s'.".formatted(key, owner), "Remove it."))));
    }

    private static Optional<? extends NotifyTarget> target(String kind, Section section) {
        return switch (kind) {
            case "slack" -> section.optional("slack").flatMap(PlanFiles::webhook).map(NotifyTarget.Slack::new);
            case "webhook" -> webhook(section);
            case "pagerduty" -> pagerDuty(section);
            default -> email(section);
        };
    }

    private static Optional<NotifyTarget> webhook(Section section) {
        Optional<Path> url = section.optional("webhook").flatMap(PlanFiles::webhook);
        Optional<Path> secret = section.required("secretFile", "secrets/webhook-secret, a file that holds the secret that signs")
                .flatMap(PlanFiles::existing);
        return url.flatMap(file -> secret.map(key -> new NotifyTarget.Webhook(file, key)));
    }

    private static Optional<NotifyTarget> pagerDuty(Section section) {
        URI endpoint = section.optional("endpoint")
                .flatMap(value -> WebAddress.read(value, "https://events.eu.pagerduty.com/v2/enqueue"))
                .orElse(NotifyTarget.PagerDuty.ENDPOINT);
        return section.optional("pagerduty").flatMap(PlanFiles::existing).map(file -> new NotifyTarget.PagerDuty(file, endpoint));
    }

    /** Without {@code from}, mail comes from the address it goes to: that one exists. */
    private static Optional<NotifyTarget> email(Section section) {
        Optional<String> to = section.optional("email").flatMap(NotifyReader::address);
        Optional<String> from = section.optional("from").flatMap(NotifyReader::address).or(() -> to);
        URI server = section.optional("smtp").flatMap(NotifyReader::mailServer).orElse(NotifyTarget.Email.LOCAL);
        Optional<NotifyTarget.Email.Login> login = login(section);
        return to.flatMap(address -> from.map(sender -> new NotifyTarget.Email(address, sender, server, login)));
    }

    private static Optional<NotifyTarget.Email.Login> login(Section section) {
        if (!section.has("user") && !section.has("passwordFile")) {
            return Optional.empty();
        }
        Optional<String> user = section.required("user", "firedrill").flatMap(Value::text);
        Optional<Path> password = section.required("passwordFile", "secrets/smtp, a file that holds the user's password")
                .flatMap(PlanFiles::existing);
        return user.flatMap(name -> password.map(file -> new NotifyTarget.Email.Login(name, file)));
    }

    private static Optional<String> address(Value value) {
        return value.text().filter(text -> {
            boolean good = ADDRESS.matcher(text).matches();
            if (!good) {
                value.mistake("'%s' is not one mail address: '%s'.".formatted(value.title(), text),
                        "Write it like ops@example.org; make a target of its own for each further address.");
            }
            return good;
        });
    }

    private static Optional<URI> mailServer(Value value) {
        return value.text().flatMap(text -> {
            Optional<URI> server = uri(text).filter(uri -> Set.of("smtp", "smtps").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null && uri.getRawUserInfo() == null
                    && uri.getRawPath().isEmpty() && uri.getRawQuery() == null && uri.getRawFragment() == null);
            if (server.isEmpty()) {
                // What is written may hold a password and is not repeated.
                value.mistake("'%s' is not a mail server's address.".formatted(value.title()),
                        "Write smtp://HOST:PORT or smtps://HOST:PORT and nothing more, e.g. smtp://mail.example.org:587; the name goes"
                                + " to 'user', the password to 'passwordFile'.");
            }
            return server;
        });
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
