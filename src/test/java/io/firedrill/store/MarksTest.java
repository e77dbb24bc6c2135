package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.BackupKind;
import io.firedrill.proof.FileTreeContents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a backup after it was written, with clocks that are wrong. */
class MarksTest {
    private static final Instant NOW = Instant.parse("2026-11-23T02:00:00Z");

    @TempDir
    Path folder;

    private Store store;
    private Manifest manifest;

    @BeforeEach
    void write() {
        store = new DirectoryStore("local", folder);
        manifest = new Manifest(1, BackupId.of("shop", "uploads", "files", NOW), "shop", BackupKind.FILES, "uploads",
                NOW, NOW, NOW, null, null, new FileTreeContents(1, 1, 1, "d"), List.of(), List.of(), Map.of(), List.of());
        Manifests.write(store, manifest);
    }

    private StoredBackup stored() {
        return Manifests.scan(store, "shop").getFirst();
    }

    @Test
    void aBackupFoundBadAfterTheClockWasSetBackStaysBad() {
        Verdicts.write(store, manifest, new Verdict(true, NOW, ""));
        Verdicts.write(store, manifest, new Verdict(false, NOW.minus(Duration.ofDays(400)), "rotten"));
        assertThat(stored().verdict()).contains(new Verdict(false, NOW.minus(Duration.ofDays(400)), "rotten"));
        Verdicts.write(store, manifest, new Verdict(true, NOW.plusSeconds(60), ""));
        assertThat(stored().verdict()).contains(new Verdict(true, NOW.plusSeconds(60), ""));
    }

    @Test
    void aVerdictSaidAfterOneOfTheFutureTellsWhenItWasReallySaid() {
        Instant ahead = Instant.now().plus(Duration.ofDays(3650));
        Verdicts.write(store, manifest, new Verdict(true, ahead, ""));
        Verdicts.write(store, manifest, new Verdict(true, NOW, ""));
        assertThat(stored().verdict()).contains(new Verdict(true, NOW, ""));
    }

    @Test
    void sayingTheSameAgainWritesNothing() {
        Verdicts.write(store, manifest, new Verdict(true, NOW, ""));
        int objects = store.list("").size();
        Verdicts.write(store, manifest, new Verdict(true, NOW.plusNanos(1000), ""));
        assertThat(store.list("")).hasSize(objects);
    }

    @Test
    void aHoldSaysWhoAndWhyUntilItIsReleasedWhateverTheClockDoes() {
        assertThat(stored().hold()).isEmpty();
        Hold hold = new Hold(true, NOW, "anna", "case 17");
        Holds.write(store, manifest, hold);
        assertThat(stored().hold()).contains(hold);
        Hold release = new Hold(false, NOW.minusSeconds(3600), "ben", "case closed");
        Holds.write(store, manifest, release);
        assertThat(stored().hold()).contains(release);
        Hold again = new Hold(true, NOW.minusSeconds(7200), "anna", "case 18");
        Holds.write(store, manifest, again);
        assertThat(stored().hold()).contains(again);
        assertThat(Holds.find(store, manifest)).contains(again);
    }

    @Test
    void aVerdictAndAHoldDoNotTouchOneAnother() {
        Holds.write(store, manifest, new Hold(true, NOW, "anna", "case 17"));
        Verdicts.write(store, manifest, new Verdict(false, NOW.plusSeconds(1), "rotten"));
        assertThat(stored().hold()).isPresent();
        assertThat(stored().verdict()).isPresent();
    }
}
