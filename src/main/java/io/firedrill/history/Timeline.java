package io.firedrill.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a stretch of time divides between people and machines.
 *
 * @param steps how many steps began in it
 * @param peopleSeconds time during which at least one decision waited for a person
 * @param machineSeconds the rest
 */
public record Timeline(Instant from, Instant to, int steps, long peopleSeconds, long machineSeconds) {

    /** A step still active counts until {@code to}; steps that began later do not count. */
    public static Timeline of(List<Step> steps, Instant from, Instant to) {
        List<Step> within =
                steps.stream().filter(step -> !step.startedAt().isAfter(to)).toList();
        long people = seconds(within.stream().filter(Step::byPeople).toList(), from, to);
        long all = Math.max(0, Duration.between(from, to).toSeconds());
        return new Timeline(from, to, within.size(), Math.min(people, all), Math.max(0, all - people));
    }

    /** Length of the union of the steps' times, so that decisions open at once count once. */
    private static long seconds(List<Step> steps, Instant from, Instant to) {
        List<Step> sorted = new ArrayList<>(steps);
        sorted.sort(Comparator.comparing(Step::startedAt));
        Duration sum = Duration.ZERO;
        Instant covered = from;
        for (Step step : sorted) {
            Instant start = later(step.startedAt(), covered);
            Instant ended = step.endedAt();
            Instant end = ended == null || ended.isAfter(to) ? to : ended;
            if (end.isAfter(start)) {
                sum = sum.plus(Duration.between(start, end));
                covered = end;
            }
        }
        return sum.toSeconds();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
