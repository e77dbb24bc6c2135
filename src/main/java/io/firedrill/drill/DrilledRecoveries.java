package io.firedrill.drill;

import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.RunDetail;
import io.firedrill.recovery.MeasuredRecoveries;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the newest drill of a service took, from its run; nothing when it was not proven. */
public final class DrilledRecoveries implements MeasuredRecoveries {
    private final History history;

    public DrilledRecoveries(History history) {
        this.history = history;
    }

    @Override
    public Optional<Took> latest(String service) {
        try {
            return history.newestWith("drill", service, "drillResult").flatMap(DrilledRecoveries::took);
        } catch (FailureException e) {
            // An estimate is not worth waiting for the state database.
            return Optional.empty();
        }
    }

    private static Optional<Took> took(RunDetail run) {
        Map<?, ?> result = run.variables().get("drillResult") instanceof Map<?, ?> map ? map : Map.of();
        long bytes = Stream.of("databases", "fileSets").mapToLong(kind -> bytes(run.variables().get("restorePlan"), kind)).sum();
        return Boolean.TRUE.equals(result.get("proven")) && result.get("rtoSeconds") instanceof Number seconds && bytes > 0
                ? Optional.of(new Took(bytes, seconds.doubleValue(), String.valueOf(run.variables().get("drill"))))
                : Optional.empty();
    }

    private static long bytes(Object plan, String kind) {
        List<?> targets = plan instanceof Map<?, ?> map && map.get(kind) instanceof List<?> list ? list : List.of();
        return targets.stream()
                .mapToLong(target -> target instanceof Map<?, ?> one && one.get("bytes") instanceof Number bytes ? bytes.longValue() : 0)
                .sum();
    }
}
