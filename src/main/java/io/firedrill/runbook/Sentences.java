package io.firedrill.runbook;

import io.firedrill.backup.BackupSet;
import io.firedrill.backup.BackupSummary;
import io.firedrill.backup.Backups;
import io.firedrill.drill.DrillResult;
import io.firedrill.drill.Drills;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.history.Timeline;
import io.firedrill.plan.Recheck;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.ServerRestored;
import io.firedrill.recovery.surgical.PutBackTable;
import io.firedrill.recovery.surgical.TableChange;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What each step did, in one sentence, for the run's page and the terminal. */
final class Sentences {
    private Sentences() {}

    static String planned(BackupSet set) {
        String what = Stream.of(
                        set.databases().stream().map(item -> "database " + item.name()),
                        set.clusters().stream().map(item -> "server of " + item.name()),
                        set.fileSets().stream().map(item -> "files " + item.name()))
                .flatMap(part -> part)
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

    static String copiedServer(BackupSummary taken) {
        return "server of %s: %s stored as %s, in %s"
                .formatted(
                        taken.source(),
                        Words.bytes(taken.bytes()),
                        Words.bytes(taken.storedBytes()),
                        seconds(taken.seconds()));
    }

    static String synced(BackupSummary taken) {
        return "%s: %,d files, %s, in %s"
                .formatted(taken.source(), taken.files(), Words.bytes(taken.bytes()), seconds(taken.seconds()));
    }

    static String checked(BackupSummary checked, String store) {
        return checked.repository() == null
                ? "%s read back whole from %s, in %s".formatted(checked.id(), store, seconds(checked.seconds()))
                : "%s checked by its own tool in %s".formatted(checked.id(), checked.repository());
    }

    static String copied(BackupSummary copied, String store) {
        return copied.repository() == null
                ? "%s: %s in %s, read back whole".formatted(copied.id(), Words.bytes(copied.storedBytes()), store)
                : "%s: not copied to %s, it lies in %s, whose copies are its own tool's"
                        .formatted(copied.id(), store, copied.repository());
    }

    static String recorded(List<CatalogEntry> entries, int taken) {
        if (taken == 0) {
            return "no backup was taken";
        }
        return "%d of %d backups in the catalogue, copies: %s"
                .formatted(
                        entries.size(),
                        taken,
                        entries.stream()
                                .flatMap(entry -> entry.copies().stream().map(copy -> entry.manifest().placeIn(copy.store())))
                                .distinct()
                                .collect(Collectors.joining(", ")));
    }

    static String expired(Backups.Expired expired) {
        return expired.removed().isEmpty()
                ? "nothing to expire; %d backups kept".formatted(expired.kept())
                : "%d removed, %d kept".formatted(expired.removed().size(), expired.kept());
    }

    static String due(int copies, Recheck recheck) {
        return copies == 0
                ? "every copy was read back within the last " + Words.of(recheck.every())
                : "%d copies were read back longer ago than %s, or never".formatted(copies, Words.of(recheck.every()));
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
        return Stream.of(
                        plan.servers().stream().map(RestorePlan.ServerTarget::backup),
                        plan.databases().stream().map(RestorePlan.DatabaseTarget::backup),
                        plan.tables().stream().map(target -> target.copy().backup()),
                        plan.fileSets().stream().map(RestorePlan.FilesTarget::backup))
                .flatMap(backups -> backups)
                .collect(Collectors.joining(", "))
                + "; " + Words.of(Duration.ofSeconds(plan.lostSeconds())) + " old";
    }

    static String compared(RestorePlan plan) {
        return plan.tables().stream()
                .flatMap(target -> target.changes().stream())
                .map(change -> change.mode().equals(TableChange.WHOLE_TABLE)
                        ? "%s comes back whole, %,d rows".formatted(change.name(), change.backupRows())
                        : "%s lacks %,d rows, %,d differ".formatted(change.name(), change.missing(), change.conflicts()))
                .collect(Collectors.joining("; "));
    }

    static String fenced(Recovery.Fenced fenced, RestorePlan plan) {
        return plan.onlyTables()
                ? "nothing to fence, the service stays up"
                : Stream.concat(fenced.held().stream(), Stream.of("no new sessions, %d ended".formatted(fenced.sessionsEnded())))
                        .collect(Collectors.joining("; "));
    }

    static String restored(Recovery.RestoredDatabase restored, RestorePlan.DatabaseTarget target) {
        return target.pointInTime() == null
                ? "%,d rows of %s into %s in %s"
                        .formatted(target.rows(), target.backup(), restored.beside(), seconds(restored.seconds()))
                : "%s with WAL to %s, into %s in %s".formatted(
                        target.backup(), target.snapshotAt(), restored.beside(), seconds(restored.seconds()));
    }

    static String restored(Recovery.RestoredFiles restored, RestorePlan.FilesTarget target) {
        return "%,d files of %s into %s in %s"
                .formatted(restored.files(), target.backup(), restored.beside(), seconds(restored.seconds()));
    }

    static String restored(ServerRestored restored, RestorePlan.ServerTarget target) {
        return "%s with WAL to %s into %s in %s%s".formatted(
                target.backup(), restored.lsn(), restored.beside(), seconds(restored.seconds()),
                restored.complete() ? ", all that the damaged server wrote" : "");
    }

    static String provenServer(Proof proof) {
        return proof.proven()
                ? "%,d tables, %,d rows and every B-tree index read on the restored server; the plan's SQL checks pass".formatted(
                        proof.tables(), proof.rows())
                : proven(proof);
    }

    static String proven(Proof proof) {
        return proven(proof, "the backup recorded");
    }

    static String proven(Proof proof, RestorePlan.DatabaseTarget target) {
        return proven(proof, target.pointInTime() == null ? "the backup recorded" : "the scratch server held");
    }

    private static String proven(Proof proof, String what) {
        if (!proof.proven()) {
            return "NOT proven: " + String.join("; ", proof.differences().stream().limit(3).toList());
        }
        return proof.tables() > 0
                ? "%,d tables, %,d rows, owners and grants equal to what %s"
                        .formatted(proof.tables(), proof.rows(), what)
                : "%,d files, %s equal to what %s".formatted(proof.files(), Words.bytes(proof.bytes()), what);
    }

    static String cutOver(Recovery.CutOver done) {
        String tables = done.tables().stream().map(Sentences::back).collect(Collectors.joining("; "));
        String swaps = swaps(done, "set aside as");
        return Stream.of(tables, swaps, swaps.isEmpty() ? "" : "away for " + seconds(done.awaySeconds()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String back(Recovery.TableBack table) {
        PutBackTable done = table.done();
        return "%s: %,d rows back%s%s%s, proven".formatted(done.name(), done.inserted(),
                done.overwritten() > 0 ? ", %,d overwritten".formatted(done.overwritten()) : "",
                done.keptLive() > 0 ? ", %,d that differ kept as they are".formatted(done.keptLive()) : "",
                done.leftOut() > 0 ? ", %,d left out".formatted(done.leftOut()) : "");
    }

    static String swapped(Recovery.ServerSwap done, String words) {
        return "%s: %s %s; away for %s".formatted(
                done.swap().name(), words, done.swap().setAside(), seconds(done.awaySeconds()));
    }

    static String swappedBack(Recovery.CutOver done) {
        String swaps = swaps(done, "the restored one kept as");
        return done.swaps().stream().noneMatch(swap -> swap.kind().equals("tables"))
                ? swaps
                : Stream.of(swaps, "what was put back into tables is taken out again").filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
    }

    private static String swaps(Recovery.CutOver done, String words) {
        return done.swaps().stream()
                .filter(swap -> !swap.kind().equals("tables"))
                .map(swap -> "%s: %s %s".formatted(swap.name(), words, swap.setAside()))
                .collect(Collectors.joining("; "));
    }

    static String lost(DisasterRecovery.Loss loss, RestorePlan plan) {
        if (!plan.servers().isEmpty() && plan.databases().isEmpty()) {
            return loss.lostSeconds() == 0
                    ? "nothing: all that the damaged server wrote came back"
                    : "%s between the moment that came back and the fence; what was written since is only in what was set aside"
                            .formatted(Words.of(Duration.ofSeconds(loss.lostSeconds())));
        }
        return plan.onlyTables()
                ? "what came back is as it was %s before; no newer row was lost".formatted(Words.of(Duration.ofSeconds(loss.lostSeconds())))
                : "%s between the moment that came back and the fence; %,d rows written since are only in what was set aside"
                .formatted(Words.of(Duration.ofSeconds(loss.lostSeconds())), loss.lostRows());
    }

    static String scored(Drills.Score score) {
        return "%s; RTO %s (%s), RPO %s (%s)".formatted(
                score.proven() ? "everything proven" : "NOT proven",
                seconds(score.rtoSeconds()), score.rtoMet() ? "met" : "MISSED",
                seconds(score.rpoSeconds()), score.rpoMet() ? "met" : "MISSED");
    }

    static String drilled(DrillResult result) {
        return result.proven()
                ? "proven, " + result.times() + (result.objectivesMet() ? "" : "; an objective is MISSED")
                : "NOT proven: " + result.why();
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
