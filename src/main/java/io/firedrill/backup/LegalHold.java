package io.firedrill.backup;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import java.util.ArrayList;
import java.util.List;

/** Says in every store that has a copy of a backup that nobody may remove it, or that this has ended. */
final class LegalHold {
    private static final int LONGEST_REASON = 500;

    private final Catalog catalog;

    LegalHold(Catalog catalog) {
        this.catalog = catalog;
    }

    /** One store is enough for a hold to hold; a release has to reach them all. */
    CatalogEntry say(BackupId id, Hold hold) {
        require(hold);
        CatalogEntry entry = find(id);
        requireOurs(entry);
        if (!hold.held() && entry.hold().isEmpty()) {
            throw new Failure(
                            "not-held",
                            "Backup %s has no legal hold.".formatted(id),
                            "Nothing was changed; its retention is the plan's.",
                            "See which backups are held: firedrill backups")
                    .lasting();
        }
        List<String> told = new ArrayList<>();
        List<FailureException> silent = new ArrayList<>();
        for (CatalogEntry.Copy copy : entry.copies()) {
            try {
                catalog.hold(entry.manifest(), copy.store(), hold);
                told.add(copy.store());
            } catch (FailureException e) {
                silent.add(e);
            }
        }
        if (!silent.isEmpty()) {
            throw incomplete(id, hold, told, silent.get(0));
        }
        return find(id);
    }

    private CatalogEntry find(BackupId id) {
        return catalog.find(id).orElseThrow(() -> new Failure(
                        "unknown-backup",
                        "There is no backup '%s'.".formatted(id),
                        "Nothing was changed.",
                        "List them: firedrill backups")
                .lasting());
    }

    /** A hold that the tool which removes backups knows nothing of would hold nothing. */
    private static void requireOurs(CatalogEntry entry) {
        if (entry.manifest().repository() != null) {
            String store = entry.manifest().repository().store();
            throw new Failure(
                            "hold-elsewhere",
                            "Backup %s lies in %s, whose retention is not Firedrill's.".formatted(entry.manifest().id(), store),
                            "Nothing was changed; the backup is not held.",
                            store.startsWith("barman:")
                                    ? "Hold it there: barman keep --target full %s %s".formatted(
                                            store.substring(store.indexOf(':') + 1), entry.manifest().repository().label())
                                    : "Raise the retention in pgBackRest's configuration (repo1-retention-full), or restore it and"
                                            + " keep a logical backup.")
                    .lasting();
        }
    }

    private static void require(Hold hold) {
        if (hold.reason().isBlank() || hold.reason().length() > LONGEST_REASON) {
            throw new Failure(
                            "bad-reason",
                            "A legal hold and its end need a reason of at most %d characters.".formatted(LONGEST_REASON),
                            "Nothing was changed.",
                            "Say why with --reason, for those who find it later.")
                    .lasting();
        }
    }

    private static FailureException incomplete(BackupId id, Hold hold, List<String> told, FailureException cause) {
        String where = told.isEmpty() ? "no store" : String.join(", ", told) + " only";
        return new Failure(
                        "hold-incomplete",
                        "%s of %s could be said in %s: %s"
                                .formatted(hold.held() ? "The hold" : "The release", id, where, cause.failure().what()),
                        hold.held() && !told.isEmpty() || !hold.held()
                                ? "The backup is held: one store's word is enough for that."
                                : "The backup is not held.",
                        "Say it again once the store answers; saying it twice does no harm.")
                .passing(cause);
    }
}
