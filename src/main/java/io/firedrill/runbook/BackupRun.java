package io.firedrill.runbook;

import io.firedrill.backup.BackupSet;
import io.firedrill.backup.BackupSummary;
import io.firedrill.backup.Backups;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.history.BackupTurns;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.store.BackupId;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Process {@code backup}: plan, dump ∥ base backup ∥ sync, check, copy offsite, record, expire. */
@Process("backup")
public final class BackupRun {
    private final RecoveryPlan plan;
    private final Backups backups;
    private final Catalog catalog;
    private final BackupTurns turns;
    private final Clock clock;

    public BackupRun(RecoveryPlan plan, Backups backups, Catalog catalog, BackupTurns turns, Clock clock) {
        this.plan = plan;
        this.backups = backups;
        this.catalog = catalog;
        this.turns = turns;
        this.clock = clock;
    }

    public record What(String service, String kind) {}

    public record Copy(String backup, String store) {}

    /** @param skippedFor the run that takes the same backup already, so that this one takes none; or null */
    public record Planned(
            List<BackupSet.Item> databases,
            List<BackupSet.Item> clusters,
            List<BackupSet.Item> fileSets,
            List<String> backups,
            List<Copy> copies,
            @Nullable String skippedFor,
            String escalateAfter,
            String summary) {}

    public Planned planBackup(What what, StepContext context) {
        Optional<Long> other = turns.take(what.service(), BackupSet.kinds(what.kind()), Long.parseLong(context.run()));
        return other.isPresent() ? skipped(what, other.get()) : planned(what);
    }

    private Planned skipped(What what, long other) {
        return new Planned(
                List.of(), List.of(), List.of(), List.of(), List.of(), String.valueOf(other), escalateAfter(what),
                "nothing is taken: run %d takes the same backup already".formatted(other));
    }

    private String escalateAfter(What what) {
        return plan.service(what.service()).approvals().escalateAfter().toString();
    }

    private Planned planned(What what) {
        BackupSet set = backups.plan(what.service(), what.kind(), clock.instant());
        List<String> ids = Stream.of(set.databases(), set.clusters(), set.fileSets())
                .flatMap(List::stream)
                .map(item -> item.backup().value())
                .toList();
        List<Copy> copies = ids.stream()
                .flatMap(id -> set.offsiteStores().stream().map(store -> new Copy(id, store)))
                .toList();
        return new Planned(
                set.databases(),
                set.clusters(),
                set.fileSets(),
                ids,
                copies,
                null,
                escalateAfter(what),
                Sentences.planned(set));
    }

    public record ItemOf(String service, BackupSet.Item item) {}

    public Done dumpDatabase(ItemOf of, StepContext context) {
        BackupSummary taken =
                backups.dumpDatabase(of.service(), of.item().name(), of.item().backup(), context.progress());
        return new Done(Sentences.dumped(taken));
    }

    public Done baseBackup(ItemOf of, StepContext context) {
        BackupSummary taken =
                backups.baseBackup(of.service(), of.item().name(), of.item().backup(), context.progress());
        return new Done(Sentences.copiedServer(taken));
    }

    public Done syncFiles(ItemOf of, StepContext context) {
        BackupSummary taken = backups.syncFiles(of.service(), of.item().name(), of.item().backup(), context.progress());
        return new Done(Sentences.synced(taken));
    }

    public record Written(String backup) {}

    public Done checkBackup(Written written, StepContext context) {
        String store = plan.primaryStore().name();
        return new Done(Sentences.checked(backups.check(new BackupId(written.backup()), store, context.progress()), store));
    }

    public record CopyOf(Copy copy) {}

    public Done copyOffsite(CopyOf of, StepContext context) {
        BackupId id = new BackupId(of.copy().backup());
        BackupSummary copied = backups.copyOffsite(id, of.copy().store(), context.progress());
        return new Done(Sentences.copied(copied, of.copy().store()));
    }

    public record Taken(List<String> backups) {}

    public Done recordBackup(Taken taken, StepContext context) {
        turns.giveBack(Long.parseLong(context.run()));
        List<CatalogEntry> entries = taken.backups().stream()
                .map(BackupId::new)
                .flatMap(id -> catalog.find(id).stream())
                .toList();
        return new Done(Sentences.recorded(entries, taken.backups().size()));
    }

    public record Of(String service) {}

    public Done expireBackups(Of of) {
        return new Done(Sentences.expired(backups.expire(of.service(), false)));
    }
}
