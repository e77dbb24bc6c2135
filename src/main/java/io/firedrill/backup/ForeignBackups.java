package io.firedrill.backup;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Repository;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifest.RepositoryFacts;
import io.firedrill.tool.PhysicalTool;
import io.firedrill.tool.PhysicalTool.Held;
import io.firedrill.tool.PhysicalTool.State;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Base backups of one server in the repository of another tool, as backups of ours. What that tool says is what counts; a
 * manifest of ours is a note of it.
 */
final class ForeignBackups {
    private final String service;
    private final Database db;
    private final Repository repository;
    private final PhysicalTool tool;
    private final Clock clock;

    ForeignBackups(String service, Database db, Clock clock) {
        this.service = service;
        this.db = db;
        this.repository = db.repository().orElseThrow();
        this.tool = PhysicalTool.of(repository);
        this.clock = clock;
    }

    /** Those that the manifest tells of. Lasting failure {@code repository-not-in-plan}. */
    static ForeignBackups of(RecoveryPlan plan, Manifest manifest, Clock clock) {
        Database db = plan.service(manifest.service()).databases().get(manifest.source());
        RepositoryFacts facts = facts(manifest);
        if (db == null || db.repository().filter(one -> one.store().equals(facts.store())).isEmpty()) {
            throw notInPlan(manifest, facts);
        }
        return new ForeignBackups(manifest.service(), db, clock);
    }

    private static FailureException notInPlan(Manifest manifest, RepositoryFacts facts) {
        return new Failure(
                        "repository-not-in-plan",
                        "Backup %s lies in %s, which the plan does not name for '%s'."
                                .formatted(manifest.id(), facts.store(), manifest.source()),
                        "Nothing was done; the backup is untouched.",
                        "Name it there again, or use that tool itself: %s".formatted(String.join("; ", manifest.howToDecode())))
                .lasting();
    }

    static RepositoryFacts facts(Manifest manifest) {
        return Objects.requireNonNull(manifest.repository(), "a backup in a repository");
    }

    PhysicalTool tool() {
        return tool;
    }

    String store() {
        return repository.store();
    }

    String source() {
        return db.name();
    }

    /** Those that are there as a whole, oldest first. */
    List<Held> whole() {
        return tool.backups().stream().filter(held -> held.state() != State.UNFINISHED).toList();
    }

    /** Once for each id, however often it is asked for: the tool keeps the id with the backup. */
    Manifest take(BackupId id) {
        List<Held> whole = whole();
        return whole.stream()
                .filter(held -> held.name().equals(id.value()))
                .findFirst()
                .map(held -> manifest(id, held))
                .orElseGet(() -> manifest(id, tool.take(recentFull(whole), id.value())));
    }

    private boolean recentFull(List<Held> whole) {
        Instant oldest = clock.instant().minus(FullBackups.AGAIN_AFTER);
        return whole.stream().anyMatch(held -> held.full() && held.good() && held.stoppedAt().isAfter(oldest));
    }

    /** The id that it was taken under, or one made of the tool's label. */
    BackupId id(Held held) {
        String prefix = String.join("-", service, db.name(), BackupKind.PHYSICAL.word()) + "-";
        return new BackupId(held.name().startsWith(prefix) ? held.name() : labelled(held));
    }

    private String labelled(Held held) {
        return String.join("-", service, db.name(), BackupKind.PHYSICAL.word(), held.label());
    }

    /** When another backup has the id that it was taken under. */
    BackupId idOfLabel(Held held) {
        return new BackupId(labelled(held));
    }

    Manifest manifest(BackupId id, Held held) {
        RepositoryFacts facts = new RepositoryFacts(
                repository.store(), held.label(), held.full(), held.needs(), held.majorVersion(),
                held.systemIdentifier() == 0 ? "" : Long.toUnsignedString(held.systemIdentifier()), held.timeline(),
                held.from().toString(), held.to().toString(), held.stoppedAt(), held.bytes(), held.storedBytes());
        return new Manifest(
                1, id, service, BackupKind.PHYSICAL, db.name(), held.startedAt(), held.startedAt(), held.stoppedAt(),
                null, null, null, List.of(), List.of(), Map.of(), Recipes.repository(repository, held.label()), null, facts);
    }

    /** Lasting failures {@code repository-lacks-backup}, {@code repository-damaged}: the backup's own fault. */
    void check(Manifest manifest) {
        Held held = find(manifest);
        @Nullable String problem = held.good()
                ? tool.verify(held.label())
                : "%s found damaged pages in the server's files when it took it".formatted(repository.tool().title());
        if (problem != null) {
            throw new Failure(
                            "repository-damaged",
                            "Backup %s in %s is damaged: %s".formatted(held.label(), repository.store(), problem),
                            "This backup, and those that build upon it, cannot be relied on.",
                            "Take a full backup with %s now; restore from another one if you must restore."
                                    .formatted(repository.tool().title()))
                    .lasting();
        }
    }

    private Held find(Manifest manifest) {
        String label = facts(manifest).label();
        return whole().stream().filter(held -> held.label().equals(label)).findFirst().orElseThrow(() -> new Failure(
                        "repository-lacks-backup",
                        "%s has no backup %s any more.".formatted(repository.title(), label),
                        "It was removed there, by its retention or by hand; others are unaffected.",
                        "Use another backup: firedrill backups")
                .lasting());
    }
}
