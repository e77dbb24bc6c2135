package io.firedrill.backup;

import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.Keep;
import io.firedrill.store.BackupId;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjuster;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which backups of one source stay, and why. Days, weeks (from Monday), months and years are UTC's, and only those that
 * have a backup count: when backups stop, what there is does not run out.
 *
 * <p>INVARIANTS, whatever the rules: the newest verified backup stays; a quarantined backup stays, but fills no rule; a
 * backup that is not checked yet never makes a verified one go; a backup dated in the future (a clock was ahead) stays,
 * but fills no rule until that moment has come, so it never makes one go that was taken since.
 */
final class Retention {
    /** Clocks of hosts that are kept in step differ by less. */
    static final Duration CLOCKS_APART = Duration.ofMinutes(5);

    private static final TemporalAdjuster MONDAY = TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY);

    private final Map<BackupId, List<String>> reasons = new LinkedHashMap<>();

    private Retention() {}

    /** One backup as retention sees it. */
    record Held(BackupId id, Instant snapshotAt, State state) {}

    /** The backups that stay, each with every reason for it, in words. */
    static Map<BackupId, List<String>> reasons(Collection<Held> backups, Keep keep, Instant now) {
        Predicate<Held> ahead = held -> held.snapshotAt().isAfter(now.plus(CLOCKS_APART));
        Predicate<Held> bad = held -> held.state() == State.QUARANTINED;
        Retention retention = new Retention();
        select(backups, bad).forEach(held -> retention.keep(held, "quarantined: a person decides about it"));
        select(backups, ahead.and(bad.negate()))
                .forEach(held -> retention.keep(held, "dated in the future: a clock was ahead when it was taken"));
        List<Held> usable = select(backups, ahead.or(bad).negate());
        List<Held> verified = select(usable, held -> held.state() == State.VERIFIED);
        verified.stream().limit(1).forEach(held -> retention.keep(held, "the newest good one"));
        // Twice, so that the unchecked ones of a day cannot push out its verified one, nor the reverse.
        retention.byRules(verified, keep);
        retention.byRules(usable, keep);
        return retention.reasons;
    }

    private static List<Held> select(Collection<Held> backups, Predicate<Held> which) {
        return backups.stream()
                .filter(which)
                .sorted(Comparator.comparing(Held::snapshotAt).reversed().thenComparing(held -> held.id().value()))
                .toList();
    }

    private void keep(Held held, String reason) {
        List<String> known = reasons.computeIfAbsent(held.id(), id -> new ArrayList<>());
        if (!known.contains(reason)) {
            known.add(reason);
        }
    }

    private void byRules(List<Held> newestFirst, Keep keep) {
        newestFirst.stream()
                .limit(keep.atLeast())
                .forEach(held -> keep(held, "among the newest " + keep.atLeast()));
        newestOfEach(newestFirst, keep.days(), day -> day, day -> "newest of " + day);
        newestOfEach(newestFirst, keep.weeks(), day -> day.with(MONDAY), day -> "newest of the week from " + day);
        newestOfEach(newestFirst, keep.months(), day -> day.withDayOfMonth(1), day -> "newest of " + YearMonth.from(day));
        newestOfEach(newestFirst, keep.years(), day -> day.withDayOfYear(1), day -> "newest of " + day.getYear());
    }

    private void newestOfEach(
            List<Held> newestFirst, int periods, Function<LocalDate, LocalDate> periodOf, Function<LocalDate, String> reason) {
        Set<LocalDate> seen = new HashSet<>();
        for (Held held : newestFirst) {
            LocalDate period = periodOf.apply(held.snapshotAt().atZone(ZoneOffset.UTC).toLocalDate());
            if (!seen.contains(period) && seen.size() < periods) {
                seen.add(period);
                keep(held, reason.apply(period));
            }
        }
    }
}
