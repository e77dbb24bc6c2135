package io.firedrill.plan;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** {@code http} and {@code https} addresses in the plan file. */
final class WebAddress {
    private WebAddress() {}

    /** With a host and without user information, which would be a secret in the plan. */
    static Optional<URI> read(Value value, String example) {
        return value.text().flatMap(text -> {
            try {
                URI uri = new URI(text);
                if (uri.getRawUserInfo() != null
                        || uri.getRawAuthority() != null
                                && uri.getRawAuthority().contains("@")) {
                    value.mistake(
                            "'%s' holds a user name or password.".formatted(value.title()),
                            "Leave it out: the plan holds no secrets.");
                    return Optional.empty();
                }
                if (isHttp(uri)) {
                    return Optional.of(uri);
                }
            } catch (URISyntaxException e) {
                // Told below, like every other address that is none; the text may hold a secret and is not repeated.
            }
            value.mistake(
                    "'%s' is not a web address.".formatted(value.title()),
                    "Write http:// or https://, a host and, if needed, port and path: %s".formatted(example));
            return Optional.empty();
        });
    }

    static boolean isHttp(URI uri) {
        return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
    }
}
