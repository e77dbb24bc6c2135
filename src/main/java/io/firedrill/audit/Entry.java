package io.firedrill.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/**
 * One thing that happened, not chained yet.
 *
 * @param id unique for ever: what was recorded twice is chained once
 * @param at when it happened, to the millisecond
 * @param who the person, or {@code engine}
 * @param action kebab-case words
 * @param facts cut to {@value #LONGEST} characters each; blank ones are left out
 */
public record Entry(String id, Instant at, String who, String action, Outcome outcome, Map<Fact, String> facts) {
    private static final int LONGEST = 2_000;

    public Entry {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        who = clean(who);
        action = clean(action);
        Map<Fact, String> kept = new EnumMap<>(Fact.class);
        facts.forEach((fact, text) -> {
            if (!text.isBlank()) {
                kept.put(fact, clean(text));
            }
        });
        facts = Collections.unmodifiableMap(kept);
    }

    /** With an id of its own. */
    public static Entry of(Instant at, String who, String action, Outcome outcome, Map<Fact, String> facts) {
        return new Entry(UUID.randomUUID().toString(), at, who, action, outcome, facts);
    }

    /** No control characters, and no halves of characters, which UTF-8 cannot tell: what is hashed is what is read. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        text.codePoints()
                .limit(LONGEST)
                .map(c -> c == '\n' || c == '\t' || !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE ? c : ' ')
                .forEach(clean::appendCodePoint);
        return text.codePointCount(0, text.length()) > LONGEST ? clean + "…" : clean.toString();
    }
}
