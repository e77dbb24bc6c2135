package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Who is told. */
public sealed interface NotifyTarget {
    /** What an HTTP server is told. */
    sealed interface Posted extends NotifyTarget {}

    /** What tells it from others of its kind, and is no secret: an address, or the file in which the secret one stands. */
    String which();

    /** Slack-compatible incoming webhook; the file holds its URL. */
    record Slack(Path urlFile) implements Posted {
        @Override
        public String which() {
            return urlFile.toString();
        }
    }

    /** Anything that takes CloudEvents; the files hold its URL and the secret that signs what is sent. */
    record Webhook(Path urlFile, Path secretFile) implements Posted {
        @Override
        public String which() {
            return urlFile.toString();
        }
    }

    /** PagerDuty, by its Events API v2; the file holds the integration's routing key. */
    record PagerDuty(Path routingKeyFile, URI endpoint) implements Posted {
        public static final URI ENDPOINT = URI.create("https://events.pagerduty.com/v2/enqueue");

        @Override
        public String which() {
            return routingKeyFile.toString();
        }
    }

    /**
     * Mail to one address.
     *
     * @param server {@code smtp://HOST[:PORT]}, or {@code smtps://HOST[:PORT]} for TLS from the first byte
     * @param login empty when the server takes mail from this machine without one
     */
    record Email(String address, String from, URI server, Optional<Login> login) implements NotifyTarget {
        /** The machine's own mail server, as cron uses it. */
        public static final URI LOCAL = URI.create("smtp://localhost:25");

        public record Login(String user, Path passwordFile) {}

        @Override
        public String which() {
            return address;
        }
    }
}
