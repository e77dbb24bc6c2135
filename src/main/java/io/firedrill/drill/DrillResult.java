package io.firedrill.drill;

import io.firedrill.failure.Failure;
import io.firedrill.recovery.Recovery.CheckResult;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a drill ended, for history, status and people.
 *
 * @param proven everything was restored, equals its backup, and every SQL check passed
 * @param rtoSeconds from the drill's opening until everything was proven; 0 when it never was
 * @param rpoSeconds age of the oldest backup used when the drill began; 0 when none was
 * @param failure why it is not proven; null when it is
 */
public record DrillResult(
        boolean proven,
        boolean objectivesMet,
        boolean rtoMet,
        boolean rpoMet,
        double rtoSeconds,
        double rpoSeconds,
        List<String> backups,
        long tables,
        long files,
        @Nullable Failure failure) {

    /** @param score null when the rehearsal ended early */
    public static DrillResult of(
            Drills.@Nullable Score score, List<String> backups, long tables, long files, @Nullable Failure failure) {
        if (score == null) {
            return new DrillResult(false, false, false, false, 0, 0, backups, tables, files, failure);
        }
        return new DrillResult(score.proven(), score.proven() && score.objectivesMet(), score.rtoMet(), score.rpoMet(),
                score.rtoSeconds(), score.rpoSeconds(), backups, tables, files,
                failure == null && !score.proven() ? failedChecks(score.checks()) : failure);
    }

    private static Failure failedChecks(List<CheckResult> checks) {
        String failed = checks.stream()
                .filter(check -> !check.passed())
                .map(check -> "%s (%s)".formatted(check.name(), check.detail()))
                .collect(Collectors.joining("; "));
        return new Failure(
                "check-failed",
                failed.isEmpty() ? "Not everything was restored." : "Checks fail on what was restored: %s.".formatted(failed),
                "The backups hold what they recorded, but the service would not work with it; the service is not touched.",
                "See whether the check or the data is wrong, then drill again.");
    }

    /** E.g. {@code RTO 12.3 s, RPO 3 min 5 s}. */
    public String times() {
        return String.format(Locale.ROOT, "RTO %s, RPO %s", words(rtoSeconds), words(rpoSeconds));
    }

    private static String words(double seconds) {
        return io.firedrill.tool.Words.of(java.time.Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** The failure's first line, or nothing. */
    public String why() {
        return failure == null ? "" : Objects.toString(failure.what(), "");
    }
}
