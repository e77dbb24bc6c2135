package io.firedrill.runbook;

import io.firedrill.backup.BackupSet;
import io.firedrill.backup.BackupSummary;
import io.firedrill.backup.Backups;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.history.Timeline;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each step did, in one sentence, for the run's page and the terminal. */
final class Sentences {
    private Sentences() {}

    static String planned(BackupSet set) {
        String what = Stream.concat(
                        set.databases().stream().map(item -> "database " + item.name()),
                        set.fileSets().stream().map(item -> "files " + item.name()))
                .collect(Collectors.joining(", "));
        return what
                + (set.offsiteStores().isEmpty()
                        ? "; no offsite store in the plan"
                        : "; copies to " + String.join(", ", set.offsiteStores()));
    }

    static String dumped(BackupSummary taken) {
        return "%s: %,d tables, %,d rows, %s stored as %s, in %s"
                .formatted(
                        taken.source(),
                        taken.tables(),
                        taken.rows(),
                        Words.bytes(taken.bytes()),
                        Words.bytes(taken.storedBytes()),
                        seconds(taken.seconds()));
    }

    static String synced(BackupSummary taken) {
        return "%s: %,d files, %s, in %s"
                .formatted(taken.source(), taken.files(), Words.bytes(taken.bytes()), seconds(taken.seconds()));
    }

    static String checked(BackupSummary checked, String store) {
        return "%s read back whole from %s, in %s".formatted(checked.id(), store, seconds(checked.seconds()));
    }

    static String copied(BackupSummary copied, String store) {
        return "%s: %s in %s, read back whole"
                .formatted(copied.id(), Words.bytes(copied.storedBytes()), store);
    }

    static String recorded(List<CatalogEntry> entries, int taken) {
        return "%d of %d backups in the catalogue, copies: %s"
                .formatted(
                        entries.size(),
                        taken,
                        entries.stream()
                                .flatMap(entry -> entry.copies().stream())
                                .map(CatalogEntry.Copy::store)
                                .distinct()
                                .collect(Collectors.joining(", ")));
    }

    static String expired(Backups.Expired expired) {
        return expired.removed().isEmpty()
                ? "nothing to expire; %d backups kept".formatted(expired.kept())
                : "%d removed, %d kept".formatted(expired.removed().size(), expired.kept());
    }

    static String found(Evidence evidence) {
        return evidence.findings().isEmpty()
                ? "nothing unusual found"
                : evidence.findings().stream()
                        .limit(4)
                        .map(finding -> finding.about() + ": " + finding.text().replaceAll("\\.$", ""))
                        .collect(Collectors.joining("; "));
    }

    static String selected(RestorePlan plan) {
        return Stream.concat(
                        plan.databases().stream().map(RestorePlan.DatabaseTarget::backup),
                        plan.fileSets().stream().map(RestorePlan.FilesTarget::backup))
                .collect(Collectors.joining(", "))
                + "; " + Words.of(Duration.ofSeconds(plan.lostSeconds())) + " old";
    }

    static String fenced(Recovery.Fenced fenced) {
        return "no new sessions, %d ended".formatted(fenced.sessionsEnded());
    }

    static String restored(Recovery.RestoredDatabase restored, RestorePlan.DatabaseTarget target) {
        return "%,d rows of %s into %s in %s"
                .formatted(target.rows(), target.backup(), restored.beside(), seconds(restored.seconds()));
    }

    static String restored(Recovery.RestoredFiles restored, RestorePlan.FilesTarget target) {
        return "%,d files of %s into %s in %s"
                .formatted(restored.files(), target.backup(), restored.beside(), seconds(restored.seconds()));
    }

    static String proven(Proof proof) {
        if (!proof.proven()) {
            return "NOT proven: " + String.join("; ", proof.differences().stream().limit(3).toList());
        }
        return proof.tables() > 0
                ? "%,d tables, %,d rows, owners and grants equal to what the backup recorded"
                        .formatted(proof.tables(), proof.rows())
                : "%,d files, %s equal to what the backup recorded"
                        .formatted(proof.files(), Words.bytes(proof.bytes()));
    }

    static String cutOver(Recovery.CutOver done) {
        return swaps(done, "set aside as") + "; away for " + seconds(done.awaySeconds());
    }

    static String swappedBack(Recovery.CutOver done) {
        return swaps(done, "the restored one kept as");
    }

    private static String swaps(Recovery.CutOver done, String words) {
        return done.swaps().stream()
                .map(swap -> "%s: %s %s".formatted(swap.name(), words, swap.setAside()))
                .collect(Collectors.joining("; "));
    }

    static String lost(DisasterRecovery.Loss loss) {
        return "%s between snapshot and fence; %,d rows written since are only in what was set aside"
                .formatted(Words.of(Duration.ofSeconds(loss.lostSeconds())), loss.lostRows());
    }

    static String timeline(Timeline timeline) {
        return "%d steps; machine time %s, people's time %s"
                .formatted(
                        timeline.steps(),
                        Words.of(Duration.ofSeconds(timeline.machineSeconds())),
                        Words.of(Duration.ofSeconds(timeline.peopleSeconds())));
    }

    private static String seconds(double seconds) {
        return Words.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }
}
