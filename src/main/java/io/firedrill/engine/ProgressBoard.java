package io.firedrill.engine;

import io.firedrill.tool.Progress;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How far the steps are that this host is working on, by element instance key. */
public final class ProgressBoard {
    /**
     * As {@link Progress#at} was told last.
     *
     * @param perSecond in {@code unit}, over the last ten seconds or so; 0 while it cannot be told
     */
    public record Standing(String what, long done, long total, String unit, double perSecond) {}

    /** When a step first said that it works on that. */
    public record Began(Instant at, String what) {}

    private final Clock clock;
    private final Map<Long, Pace> paces = new ConcurrentHashMap<>();

    public ProgressBoard(Clock clock) {
        this.clock = clock;
    }

    Progress of(long elementInstance) {
        Pace pace = paces.computeIfAbsent(elementInstance, key -> new Pace(clock));
        return pace::at;
    }

    void forget(long elementInstance) {
        paces.remove(elementInstance);
    }

    /** All of them now, by element instance key. */
    public Map<Long, Standing> all() {
        Map<Long, Standing> all = new HashMap<>();
        paces.forEach((step, pace) -> pace.standing().ifPresent(standing -> all.put(step, standing)));
        return all;
    }

    public Optional<Standing> standing(long elementInstance) {
        return Optional.ofNullable(paces.get(elementInstance)).flatMap(Pace::standing);
    }

    /** What the step worked on so far, oldest first, the newest {@value Pace#REMEMBERED} of it. */
    public List<Began> worked(long elementInstance) {
        return Optional.ofNullable(paces.get(elementInstance)).map(Pace::worked).orElse(List.of());
    }
}
