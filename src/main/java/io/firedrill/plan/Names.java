package io.firedrill.plan;

import java.util.regex.Pattern;

/** Names of services, databases, file sets and stores. */
final class Names {
    /** They become parts of backup ids, paths, bucket keys and database names: nothing that any of these would mind. */
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,39}");

    static final String RULE =
            "Use lower-case letters, digits, '-' and '_', at most 40, beginning with a letter or digit.";

    private Names() {}

    static boolean valid(String name) {
        return FORM.matcher(name).matches();
    }

    /** For records' constructors. */
    static void require(String name) {
        if (!valid(name)) {
            throw new IllegalArgumentException("Bad name '%s'. %s".formatted(name, RULE));
        }
    }
}
