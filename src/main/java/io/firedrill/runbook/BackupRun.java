package io.firedrill.runbook;

import io.firedrill.backup.BackupSet;
import io.firedrill.backup.BackupSummary;
import io.firedrill.backup.Backups;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.store.BackupId;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Process {@code backup}: plan, dump ∥ sync, check, copy offsite, record, expire. */
@Process("backup")
public final class BackupRun {
    private final RecoveryPlan plan;
    private final Backups backups;
    private final Catalog catalog;
    private final Clock clock;

    public BackupRun(RecoveryPlan plan, Backups backups, Catalog catalog, Clock clock) {
        this.plan = plan;
        this.backups = backups;
        this.catalog = catalog;
        this.clock = clock;
    }

    public record What(String service, String kind) {}

    public record Copy(String backup, String store) {}

    public record Planned(
            List<BackupSet.Item> databases,
            List<BackupSet.Item> fileSets,
            List<String> backups,
            List<Copy> copies,
            String escalateAfter,
            String summary) {}

    public Planned planBackup(What what) {
        BackupSet set = backups.plan(what.service(), what.kind(), clock.instant());
        List<String> ids = Stream.concat(set.databases().stream(), set.fileSets().stream())
                .map(item -> item.backup().value())
                .toList();
        List<Copy> copies = ids.stream()
                .flatMap(id -> set.offsiteStores().stream().map(store -> new Copy(id, store)))
                .toList();
        return new Planned(
                set.databases(),
                set.fileSets(),
                ids,
                copies,
                plan.service(what.service()).approvals().escalateAfter().toString(),
                Sentences.planned(set));
    }

    public record ItemOf(String service, BackupSet.Item item) {}

    public Done dumpDatabase(ItemOf of, StepContext context) {
        BackupSummary taken =
                backups.dumpDatabase(of.service(), of.item().name(), of.item().backup(), context.progress());
        return new Done(Sentences.dumped(taken));
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

    public Done recordBackup(Taken taken) {
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
