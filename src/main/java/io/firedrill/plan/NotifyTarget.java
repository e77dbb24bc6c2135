package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;

/** Who is told. */
public sealed interface NotifyTarget {
    /** The file that tells it from others; what stands in it is a secret. */
    Path file();

    /** Slack-compatible incoming webhook; the file holds its URL. */
    record Slack(Path urlFile) implements NotifyTarget {
        @Override
        public Path file() {
            return urlFile;
        }
    }

    /** Anything that takes CloudEvents; the files hold its URL and the secret that signs what is sent. */
    record Webhook(Path urlFile, Path secretFile) implements NotifyTarget {
        @Override
        public Path file() {
            return urlFile;
        }
    }

    /** PagerDuty, by its Events API v2; the file holds the integration's routing key. */
    record PagerDuty(Path routingKeyFile, URI endpoint) implements NotifyTarget {
        public static final URI ENDPOINT = URI.create("https://events.pagerduty.com/v2/enqueue");

        @Override
        public Path file() {
            return routingKeyFile;
        }
    }
}
