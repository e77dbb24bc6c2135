package io.firedrill.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which alerts mean which service. The first rule that fits counts.
 *
 * @param match labels the alert must have; each pattern must fit the whole value
 * @param cause one of {@link Causes#ALL}; empty: the evidence decides
 * @param recover whether it starts a recovery, which then waits for people as the plan says; otherwise it is only recorded
 */
public record AlertRule(Map<String, Pattern> match, String service, Optional<String> cause, boolean recover) {
    public AlertRule {
        match = Collections.unmodifiableMap(new LinkedHashMap<>(match));
    }

    public boolean fits(Map<String, String> labels) {
        return match.entrySet().stream().allMatch(label ->
                labels.containsKey(label.getKey()) && label.getValue().matcher(labels.get(label.getKey())).matches());
    }
}
