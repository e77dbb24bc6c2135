package io.firedrill.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one step is working on, how far, and how fast. Steps may work on several things at once, each with its own pace. */
final class Pace {
    static final int REMEMBERED = 100;
    private static final Duration BETWEEN_MARKS = Duration.ofSeconds(1);
    private static final int MARKS = 10;

    private record Mark(Instant at, long done) {}

    private final Clock clock;
    private final Map<String, Deque<Mark>> marks = new LinkedHashMap<>();
    private final Deque<ProgressBoard.Began> worked = new ArrayDeque<>();
    private ProgressBoard.@Nullable Standing last;

    Pace(Clock clock) {
        this.clock = clock;
    }

    synchronized void at(String what, long done, long total, String unit) {
        Instant now = clock.instant();
        Deque<Mark> seen = marks.get(what);
        if (seen == null) {
            seen = begin(what, now);
        }
        last = new ProgressBoard.Standing(what, done, total, unit, perSecond(seen, done, now));
        if (seen.isEmpty() || !now.isBefore(seen.getLast().at().plus(BETWEEN_MARKS))) {
            seen.addLast(new Mark(now, done));
            if (seen.size() > MARKS) {
                seen.removeFirst();
            }
        }
    }

    private Deque<Mark> begin(String what, Instant now) {
        worked.addLast(new ProgressBoard.Began(now, what));
        if (worked.size() > REMEMBERED) {
            marks.remove(worked.removeFirst().what());
        }
        Deque<Mark> fresh = new ArrayDeque<>();
        marks.put(what, fresh);
        return fresh;
    }

    private static double perSecond(Deque<Mark> seen, long done, Instant now) {
        if (seen.isEmpty()) {
            return 0;
        }
        double seconds = Duration.between(seen.getFirst().at(), now).toMillis() / 1000.0;
        return seconds <= 0 ? 0 : Math.max(0, done - seen.getFirst().done()) / seconds;
    }

    synchronized Optional<ProgressBoard.Standing> standing() {
        return Optional.ofNullable(last);
    }

    synchronized List<ProgressBoard.Began> worked() {
        return new ArrayList<>(worked);
    }
}
