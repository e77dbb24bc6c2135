package io.firedrill.console;

import io.firedrill.failure.Failure;

/**
 * The person acting, as the request's header {@value #HEADER} names them; four eyes compares these names.
 *
 * @param name not blank
 */
public record Actor(String name) {
    static final String HEADER = "Firedrill-Actor";

    public Actor {
        if (name.isBlank() || name.length() > 100 || name.chars().anyMatch(Character::isISOControl)) {
            throw new Failure(
                            "bad-actor",
                            "The request does not say who acts.",
                            "Nothing was done.",
                            "Send the header " + HEADER + " with a name of 1 to 100 characters (firedrill --as NAME).")
                    .lasting();
        }
        name = name.strip();
    }
}
