package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.Copy;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.plan.Approvals;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Keep;
import io.firedrill.plan.Objectives;
import io.firedrill.plan.Service;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private static Service shop(Duration rpo, Optional<String> schedule) {
        return new Service("shop", new Objectives(rpo, DAY), Map.of(), Map.of("uploads", new FileSet("uploads", Path.of("/data/uploads"))),
                List.of(), List.of(new BackupEntry(BackupKind.FILES, schedule, Keep.DEFAULT)), Approvals.DEFAULT);
    }

    private static CatalogEntry entry(Duration age, State state, Copy... copies) {
        Instant at = NOW.minus(age);
        return new CatalogEntry(
                new Manifest(1, BackupId.of("shop", "uploads", "files", at), "shop", BackupKind.FILES, "uploads", at.minusSeconds(10), at,
                        at, null, null, new FileTreeContents(1, 0, 1000, "d"), List.of(), List.of(), Map.of(), List.of()),
                List.of(copies), state);
    }

    private static Standing standing(Service service, CatalogEntry... entries) {
        List<Standing> all = Standing.of(service, List.of(entries), cron -> DAY);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    @Test
    void withoutAGoodBackupThereIsNoAgeAndAnAlarm() {
        Standing none = standing(shop(DAY, Optional.empty()), entry(Duration.ofHours(1), State.UNCHECKED));
        assertThat(none.age(NOW)).isEmpty();
        assertThat(none.overdue(NOW)).isTrue();
    }

    @Test
    void theRpoAndAnHourIsAllowedAndWithAScheduleItsLongestGap() {
        Duration quarter = Duration.ofMinutes(15);
        assertThat(standing(shop(quarter, Optional.empty())).allowed()).isEqualTo(Duration.ofMinutes(75));
        assertThat(standing(shop(quarter, Optional.of("0 0 2 * * *"))).allowed()).isEqualTo(Duration.ofHours(25));
        assertThat(standing(shop(Duration.ofDays(3), Optional.of("0 0 2 * * *"))).allowed()).isEqualTo(Duration.ofHours(73));
    }

    @Test
    void onlyAGoodBackupCounts() {
        Service shop = shop(DAY, Optional.empty());
        Standing old = standing(shop, entry(Duration.ofHours(30), State.VERIFIED), entry(Duration.ofHours(2), State.QUARANTINED));
        assertThat(old.age(NOW)).contains(Duration.ofHours(30));
        assertThat(old.overdue(NOW)).isTrue();
        assertThat(old.quarantined()).isEqualTo(1);
        assertThat(standing(shop, entry(Duration.ofHours(24), State.VERIFIED)).overdue(NOW)).isFalse();
    }

    @Test
    void ofEachStoreItsOwnNewestCopyIsKnown() {
        Copy local = new Copy("local", State.VERIFIED, NOW.minus(Duration.ofHours(2)), "");
        Copy offsite = new Copy("offsite", State.VERIFIED, NOW.minus(Duration.ofDays(9)), "");
        Standing standing = standing(shop(DAY, Optional.empty()),
                entry(Duration.ofHours(2), State.VERIFIED, local), entry(Duration.ofDays(2), State.VERIFIED, local, offsite));
        assertThat(standing.newestGoodByStore()).containsOnly(
                Map.entry("local", NOW.minus(Duration.ofHours(2))), Map.entry("offsite", NOW.minus(Duration.ofDays(2))));
        assertThat(standing.oldestCheck()).contains(NOW.minus(Duration.ofDays(9)));
        assertThat(standing.newest().orElseThrow().seconds()).isEqualTo(10);
    }

    @Test
    void aClockThatWasAheadMakesNoNegativeAge() {
        assertThat(standing(shop(DAY, Optional.empty()), entry(Duration.ofHours(-5), State.VERIFIED)).age(NOW)).contains(Duration.ZERO);
    }
}
