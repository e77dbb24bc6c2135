package io.firedrill.recovery;

import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.BaseBackups;
import io.firedrill.physical.RecoverableRange;
import io.firedrill.physical.RecoverableRanges;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Whether a server that came back could be recovered again: a base backup on its timeline, and WAL that goes on from there. */
final class Protection {
    private final Database db;
    private final Stores stores;
    private final Keys keys;
    private final Catalog catalog;
    private final boolean received;

    /** @param received whether the plan wants its WAL all the time */
    Protection(Database db, boolean received, Stores stores, Keys keys, Catalog catalog) {
        this.received = received;
        this.db = db;
        this.stores = stores;
        this.keys = keys;
        this.catalog = catalog;
    }

    String require(String service, Instant since) {
        int timeline = timeline();
        CatalogEntry base = catalog.list(service).stream()
                .filter(entry -> entry.manifest().kind() == BackupKind.PHYSICAL && entry.manifest().source().equals(db.name()))
                .filter(entry -> entry.manifest().snapshotAt().isAfter(since) && entry.state() == CatalogEntry.State.VERIFIED)
                .filter(entry -> timeline(entry.manifest()) == timeline)
                .findFirst()
                .orElseThrow(() -> notProtected("there is no verified base backup of it from after %s, on its timeline %d".formatted(
                        since, timeline)));
        return "%s is on timeline %d; base backup %s is verified, %s".formatted(
                db.name(), timeline, base.manifest().id(), wal(service, base.manifest()));
    }

    private int timeline() {
        try (Server server = Server.open(db)) {
            return server.value("select timeline_id from pg_control_checkpoint()").map(Integer::parseInt).orElseThrow();
        }
    }

    private static long timeline(Manifest base) {
        return base.cluster() != null ? base.cluster().timeline() : base.repository() != null ? base.repository().timeline() : -1;
    }

    private String wal(String service, Manifest base) {
        if (db.repository().isPresent()) {
            BaseBackups.archiveWal(db);
            return "and its WAL is archived by " + db.repository().get().title();
        }
        if (!received) {
            return "and its plan wants no WAL";
        }
        WalSource source = new WalSource(service, db.name());
        Optional<String> trouble = WrittenWal.archive(db, () -> ranges(source, base));
        if (trouble.isPresent()) {
            throw notProtected(trouble.get());
        }
        return ranges(source, base).stream()
                .filter(range -> range.gap().isEmpty())
                .findFirst()
                .map(range -> "and its WAL is archived to " + range.toLsn())
                .orElseThrow(() -> notProtected("its WAL has a gap after that base backup"));
    }

    private List<RecoverableRange> ranges(WalSource source, Manifest base) {
        return RecoverableRanges.of(stores.primary(), keys, source, List.of(base));
    }

    private FailureException notProtected(String why) {
        return new Failure("not-protected", "The server of %s is not protected again: %s.".formatted(db.name(), why.replaceAll("\\.$", "")),
                        "It works and holds all that was restored, but what it writes now could be lost.",
                        "See why (firedrill backups, firedrill status), mend that, then try again.")
                .lasting();
    }
}
