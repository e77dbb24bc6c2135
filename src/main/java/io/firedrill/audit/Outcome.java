package io.firedrill.audit;

import java.util.Locale;

/** How an action ended. */
public enum Outcome {
    /** It was done, or begun. */
    DONE,
    /** Whoever asked may not, or is not known. */
    DENIED,
    /** It made no sense as asked: bad input, or something else is going on. */
    REFUSED,
    /** It was allowed and did not work. */
    FAILED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
