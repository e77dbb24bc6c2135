package io.firedrill.plan;

import java.util.List;

/** What may be wrong with a service, in the words of the decision tables. */
public final class Causes {
    public static final List<String> ALL = List.of("attack", "capacity", "hardware", "human-error", "site-loss", "software", "unknown");

    private Causes() {}
}
