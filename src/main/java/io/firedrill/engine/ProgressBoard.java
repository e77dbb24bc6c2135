package io.firedrill.engine;

import io.firedrill.tool.Progress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How far the steps are that this host is working on, by element instance key. */
public final class ProgressBoard {
    /** As {@link Progress#at} was told last. */
    public record Standing(String what, long done, long total, String unit) {}

    private final Map<Long, Standing> standings = new ConcurrentHashMap<>();

    Progress of(long elementInstance) {
        return (what, done, total, unit) -> standings.put(elementInstance, new Standing(what, done, total, unit));
    }

    void forget(long elementInstance) {
        standings.remove(elementInstance);
    }

    public Optional<Standing> standing(long elementInstance) {
        return Optional.ofNullable(standings.get(elementInstance));
    }
}
