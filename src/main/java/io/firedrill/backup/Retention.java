package io.firedrill.backup;

import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.Keep;
import io.firedrill.store.BackupId;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjuster;
import java.time.temporal.TemporalAdjusters;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which backups of one source stay. Days, weeks (from Monday), months and years are UTC's, and only those that have a
 * backup count: when backups stop, what there is does not run out.
 *
 * <p>INVARIANTS, whatever the rules: the newest verified backup stays; a quarantined backup stays, but fills no rule; a
 * backup that is not checked yet never makes a verified one go.
 */
final class Retention {
    private static final TemporalAdjuster MONDAY = TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY);

    private Retention() {}

    /** One backup as retention sees it. */
    record Held(BackupId id, Instant snapshotAt, State state) {}

    static Set<BackupId> kept(Collection<Held> backups, Keep keep) {
        Set<BackupId> kept = new LinkedHashSet<>();
        add(kept, backups, held -> held.state() == State.QUARANTINED);
        List<Held> verified = newestFirst(backups, held -> held.state() == State.VERIFIED);
        verified.stream().limit(1).map(Held::id).forEach(kept::add);
        // Twice, so that the unchecked ones of a day cannot push out its verified one, nor the reverse.
        byRules(kept, verified, keep);
        byRules(kept, newestFirst(backups, held -> held.state() != State.QUARANTINED), keep);
        return kept;
    }

    private static void add(Set<BackupId> kept, Collection<Held> backups, Predicate<Held> which) {
        backups.stream().filter(which).map(Held::id).forEach(kept::add);
    }

    private static List<Held> newestFirst(Collection<Held> backups, Predicate<Held> which) {
        return backups.stream()
                .filter(which)
                .sorted(Comparator.comparing(Held::snapshotAt).reversed().thenComparing(held -> held.id().value()))
                .toList();
    }

    private static void byRules(Set<BackupId> kept, List<Held> newestFirst, Keep keep) {
        newestFirst.stream().limit(keep.atLeast()).map(Held::id).forEach(kept::add);
        newestOfEach(kept, newestFirst, keep.days(), day -> day);
        newestOfEach(kept, newestFirst, keep.weeks(), day -> day.with(MONDAY));
        newestOfEach(kept, newestFirst, keep.months(), day -> day.withDayOfMonth(1));
        newestOfEach(kept, newestFirst, keep.years(), day -> day.withDayOfYear(1));
    }

    private static void newestOfEach(
            Set<BackupId> kept, List<Held> newestFirst, int periods, Function<LocalDate, LocalDate> periodOf) {
        Set<LocalDate> seen = new HashSet<>();
        for (Held held : newestFirst) {
            LocalDate period = periodOf.apply(held.snapshotAt().atZone(ZoneOffset.UTC).toLocalDate());
            if (!seen.contains(period) && seen.size() < periods) {
                seen.add(period);
                kept.add(held.id());
            }
        }
    }
}
