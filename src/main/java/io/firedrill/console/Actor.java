package io.firedrill.console;

import io.firedrill.console.access.Role;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * The person acting: who is signed in, who owns the API token, or whom the server's own user names in the header
 * {@value #HEADER}. Four eyes compares these names.
 *
 * @param name not blank, no control characters
 */
public record Actor(String name, Set<Role> roles) {
    static final String HEADER = "Firedrill-Actor";

    public Actor {
        if (name.isBlank() || name.length() > 100 || name.chars().anyMatch(Actor::garbled)) {
            throw nameless();
        }
        name = name.strip();
    }

    /**
     * Header values are ASCII; a name in it is percent-encoded UTF-8 (RFC 3986), in which what needs no encoding may stay.
     *
     * @throws io.firedrill.failure.FailureException {@code bad-actor} when it is not, or names nobody
     */
    static Actor ofHeader(@Nullable String value, Set<Role> roles) {
        if (value == null || !value.chars().allMatch(c -> c < 0x80)) {
            throw nameless();
        }
        try {
            return new Actor(UriUtils.decode(value, StandardCharsets.UTF_8), roles);
        } catch (IllegalArgumentException e) {
            throw nameless();
        }
    }

    /** What no name holds, the sign that takes the place of bytes that are no UTF-8 included. */
    private static boolean garbled(int character) {
        return Character.isISOControl(character) || character == '\uFFFD';
    }

    private static FailureException nameless() {
        return new Failure(
                        "bad-actor",
                        "The request does not say who acts.",
                        "Nothing was done.",
                        "Send the header " + HEADER + " with a name of 1 to 100 characters, percent-encoded UTF-8"
                                + " (firedrill --as NAME).")
                .lasting();
    }
}
