package io.firedrill.physical;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Repository;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Store;
import io.firedrill.tool.PhysicalTool;
import java.util.Optional;

/** Base backups of the plan's servers: Firedrill's own, and those that pgBackRest or Barman keeps. */
public final class BaseBackups {
    private final RecoveryPlan plan;
    private final Keys keys;

    public BaseBackups(RecoveryPlan plan, Keys keys) {
        this.plan = plan;
        this.keys = keys;
    }

    /**
     * What can bring this one back.
     *
     * @param store that has the manifest
     * @throws io.firedrill.failure.FailureException {@code repository-not-in-plan}
     */
    public BaseBackupRestore restore(Store store, Manifest base) {
        return base.repository() == null ? new ServerRestore(store, keys) : new RepositoryRestore(tool(base, base.repository().store()));
    }

    private PhysicalTool tool(Manifest base, String store) {
        return Optional.ofNullable(plan.service(base.service()).databases().get(base.source()))
                .flatMap(Database::repository)
                .filter(repository -> repository.store().equals(store))
                .map(PhysicalTool::of)
                .orElseThrow(() -> new Failure(
                                "repository-not-in-plan",
                                "Backup %s lies in %s, which the plan does not name for '%s'.".formatted(base.id(), store, base.source()),
                                "Nothing was laid out; the backup is untouched.",
                                "Name it there again, or use that tool itself: " + String.join("; ", base.howToDecode()))
                        .lasting());
    }

    /**
     * Has a running server's newest WAL archived by the tool that archives it, so that every transaction committed before can be
     * restored. Does nothing for a server whose WAL Firedrill receives: that comes by itself.
     */
    public static void archiveWal(Database db) {
        db.repository().map((Repository repository) -> PhysicalTool.of(repository)).ifPresent(PhysicalTool::archiveWal);
    }
}
