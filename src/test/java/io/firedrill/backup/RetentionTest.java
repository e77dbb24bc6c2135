package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.backup.Retention.Held;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.Keep;
import io.firedrill.store.BackupId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetentionTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static Held held(Instant at, State state) {
        return new Held(BackupId.of("shop", "orders", "logical", at), at, state);
    }

    private static List<Held> daily(int days) {
        List<Held> all = new ArrayList<>();
        for (int i = 0; i < days; i++) {
            all.add(held(NOON.minus(Duration.ofDays(i)), State.VERIFIED));
        }
        return all;
    }

    private static Set<BackupId> kept(List<Held> all, Keep keep) {
        return Retention.reasons(all, keep, NOON.plus(Duration.ofDays(1))).keySet();
    }

    private static List<Integer> ages(List<Held> all, Keep keep) {
        Set<BackupId> kept = kept(all, keep);
        return all.stream().filter(h -> kept.contains(h.id()))
                .map(h -> (int) Duration.between(h.snapshotAt(), NOON).toDays()).toList();
    }

    @Test
    void keepsTheNewestOfEachOfTheLastDays() {
        List<Held> twiceADay = new ArrayList<>(daily(10));
        daily(10).forEach(h -> twiceADay.add(held(h.snapshotAt().minus(Duration.ofHours(6)), State.VERIFIED)));
        Set<BackupId> kept = kept(twiceADay, new Keep(3, 0, 0, 0, 1));
        assertThat(kept).containsExactlyInAnyOrderElementsOf(daily(3).stream().map(Held::id).toList());
    }

    @Test
    void keepsTheNewestOfEachWeekMonthAndYear() {
        // 23 November 2026 is a Monday: the week before ends with Sunday, one day ago.
        assertThat(ages(daily(30), new Keep(0, 3, 0, 0, 1))).containsExactly(0, 1, 8);
        assertThat(ages(daily(80), new Keep(0, 0, 3, 0, 1))).containsExactly(0, 23, 54);
        assertThat(ages(daily(400), new Keep(0, 0, 0, 2, 1))).containsExactly(0, 327);
    }

    @Test
    void daysWithoutABackupDoNotCountSoNothingRunsOutWhenBackupsStop() {
        List<Held> old = daily(200).stream().skip(150).toList();
        assertThat(ages(old, new Keep(3, 0, 0, 0, 1))).containsExactly(150, 151, 152);
    }

    @Test
    void aNewUncheckedBackupDoesNotPushOutTheVerifiedOneOfThatDay() {
        Held verified = held(NOON, State.VERIFIED);
        Held unchecked = held(NOON.plusSeconds(3600), State.UNCHECKED);
        assertThat(kept(List.of(verified, unchecked), new Keep(1, 0, 0, 0, 1)))
                .containsExactlyInAnyOrder(verified.id(), unchecked.id());
    }

    @Test
    void aQuarantinedBackupFillsNoDayAndStays() {
        Held good = held(NOON, State.VERIFIED);
        Held bad = held(NOON.plusSeconds(3600), State.QUARANTINED);
        assertThat(kept(List.of(good, bad), new Keep(1, 0, 0, 0, 1))).containsExactlyInAnyOrder(good.id(), bad.id());
    }

    @Test
    void everyReasonIsTold() {
        List<Held> all = List.of(held(NOON, State.VERIFIED), held(NOON.minus(Duration.ofDays(1)), State.VERIFIED),
                held(NOON.minus(Duration.ofDays(40)), State.QUARANTINED));
        assertThat(Retention.reasons(all, new Keep(1, 2, 1, 1, 1), NOON).values()).containsExactly(
                List.of("quarantined: a person decides about it"),
                List.of("the newest good one", "among the newest 1", "newest of 2026-11-23", "newest of the week from 2026-11-23",
                        "newest of 2026-11", "newest of 2026"),
                List.of("newest of the week from 2026-11-16"));
    }

    @Test
    void aBackupDatedInTheFutureStaysAndPushesNothingOut() {
        Held ahead = held(NOON.plus(Duration.ofDays(2)), State.VERIFIED);
        Held taken = held(NOON, State.VERIFIED);
        Keep one = new Keep(1, 0, 0, 0, 1);
        assertThat(Retention.reasons(List.of(ahead, taken), one, NOON).keySet()).containsExactlyInAnyOrder(ahead.id(), taken.id());
        // Once its day has come it is a backup like any other.
        assertThat(Retention.reasons(List.of(ahead, taken), one, ahead.snapshotAt()).keySet()).containsExactly(ahead.id());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheClockDoesTheBackupJustTakenAndTheLastGoodOneStay(int seed) {
        Random random = new Random(seed);
        Keep keep = new Keep(random.nextInt(4), random.nextInt(3), random.nextInt(3), random.nextInt(2), 1 + random.nextInt(2));
        List<Held> all = new ArrayList<>();
        Instant clock = NOON;
        for (int run = 0; run < 60; run++) {
            // Mostly hours forward, now and then months in either direction.
            clock = clock.plus(Duration.ofMinutes(random.nextInt(10) == 0 ? random.nextInt(400_000) - 200_000 : 60 + random.nextInt(2_000)));
            Instant at = clock;
            if (all.stream().anyMatch(other -> Duration.between(at, other.snapshotAt()).abs().compareTo(Retention.CLOCKS_APART) <= 0)) {
                continue;
            }
            boolean good = random.nextInt(5) > 0;
            Held taken = held(clock, good ? State.VERIFIED : State.values()[random.nextInt(3)]);
            all.add(taken);
            Set<BackupId> stays = Retention.reasons(all, keep, clock).keySet();
            assertThat(stays).contains(taken.id());
            if (all.stream().anyMatch(held -> held.state() == State.VERIFIED)) {
                assertThat(all).anyMatch(held -> held.state() == State.VERIFIED && stays.contains(held.id()));
            }
            all.removeIf(held -> !stays.contains(held.id()));
        }
    }

    static List<Integer> seeds() {
        return java.util.stream.IntStream.range(0, 500).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverTheRulesTheInvariantsHold(int seed) {
        Random random = new Random(seed);
        List<Held> all = new ArrayList<>();
        for (int i = random.nextInt(60); i > 0; i--) {
            Instant at = NOON.minusSeconds(random.nextInt(3 * 366 * 86_400));
            all.add(held(at, State.values()[random.nextInt(3)]));
        }
        Keep keep = new Keep(random.nextInt(10), random.nextInt(6), random.nextInt(15), random.nextInt(4), 1 + random.nextInt(4));
        Set<BackupId> kept = kept(all, keep);

        Comparator<Held> age = Comparator.comparing(Held::snapshotAt);
        all.stream().filter(h -> h.state() == State.VERIFIED).max(age).ifPresent(h -> assertThat(kept).contains(h.id()));
        all.stream().filter(h -> h.state() == State.QUARANTINED).forEach(h -> assertThat(kept).contains(h.id()));
        all.stream().filter(h -> h.state() != State.QUARANTINED).sorted(age.reversed()).limit(keep.atLeast())
                .forEach(h -> assertThat(kept).contains(h.id()));

        // What goes is never the newest good one of its day while that day is among those to keep.
        List<java.time.LocalDate> days = all.stream().filter(h -> h.state() == State.VERIFIED).map(RetentionTest::day)
                .distinct().sorted(Comparator.reverseOrder()).limit(keep.days()).toList();
        for (var day : days) {
            Held newest = all.stream().filter(h -> h.state() == State.VERIFIED && day(h).equals(day)).max(age).orElseThrow();
            assertThat(kept).contains(newest.id());
        }
        // It expires at all: never more than the rules can hold, counted twice (verified, and all that are not bad).
        int most = 2 * (keep.days() + keep.weeks() + keep.months() + keep.years() + keep.atLeast()) + 1;
        assertThat(kept.stream().filter(id -> all.stream().anyMatch(h -> h.id().equals(id) && h.state() != State.QUARANTINED)).count())
                .isLessThanOrEqualTo(most);
        // Expiring again changes nothing.
        List<Held> left = all.stream().filter(h -> kept.contains(h.id())).toList();
        assertThat(kept(left, keep)).containsExactlyInAnyOrderElementsOf(kept);
    }

    private static java.time.LocalDate day(Held held) {
        return held.snapshotAt().atZone(ZoneOffset.UTC).toLocalDate();
    }
}
