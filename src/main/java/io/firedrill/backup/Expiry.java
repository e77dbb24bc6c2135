package io.firedrill.backup;

import io.firedrill.backup.Backups.Expired;
import io.firedrill.backup.Backups.Fate;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.FailureException;
import io.firedrill.physical.ChainLocks;
import io.firedrill.physical.WalExpiry;
import io.firedrill.physical.WalSource;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Keep;
import io.firedrill.plan.Service;
import io.firedrill.store.BackupId;
import io.firedrill.store.Hold;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Removes what no rule keeps, and what dead writers left. A copy that its store has locked stays until the lock ends; a
 * store that does not answer keeps its copies, and the others go on.
 */
final class Expiry {
    /** Longer than any backup takes: something younger without a manifest may still be on its way. */
    private static final Duration ORPHAN_AFTER = Duration.ofDays(7);

    private final Stores stores;
    private final Catalog catalog;
    private final Clock clock;

    Expiry(Stores stores, Catalog catalog, Clock clock) {
        this.stores = stores;
        this.catalog = catalog;
        this.clock = clock;
    }

    private record Source(BackupKind kind, String name) {}

    Expired run(Service service, boolean dryRun) {
        List<CatalogEntry> all = catalog.list(service.name()).stream()
                .filter(entry -> entry.manifest().repository() == null)
                .toList();
        Map<BackupId, List<String>> reasons = reasons(service, all);
        List<Fate> fates = new ArrayList<>();
        List<FailureException> troubles = new ArrayList<>();
        // Newest first, so that what an incremental backup needs comes after it.
        for (CatalogEntry entry : all) {
            List<String> why = reasons.getOrDefault(entry.manifest().id(), List.of());
            Fate fate = why.isEmpty() ? goes(service, entry, dryRun, troubles) : new Fate(entry.manifest().id(), false, why);
            fates.add(fate);
            if (!fate.removed()) {
                entry.manifest().needs().forEach(needed -> join(reasons, Map.of(needed, List.of("needed by " + entry.manifest().id()))));
            }
        }
        if (!dryRun) {
            stores.all().forEach(store -> tried(troubles, () -> new Orphans(store, catalog).remove(
                    service.name(), clock.instant().minus(ORPHAN_AFTER))));
            service.servers().forEach(db -> stores.all().forEach(store -> {
                WalSource source = new WalSource(service.name(), db.name());
                tried(troubles, () -> WalExpiry.run(store, source, false));
                tried(troubles, () -> new ChainLocks(store, source, clock.instant()).extend());
            }));
        }
        if (!dryRun && !troubles.isEmpty()) {
            throw troubles.get(0);
        }
        return Expired.of(fates);
    }

    /** Why each backup that stays does so, as far as the catalogue knows. */
    private Map<BackupId, List<String>> reasons(Service service, List<CatalogEntry> all) {
        Map<BackupId, List<String>> reasons = new LinkedHashMap<>();
        all.stream()
                .collect(Collectors.groupingBy(e -> new Source(e.manifest().kind(), e.manifest().source())))
                .forEach((source, entries) -> {
                    List<Retention.Held> held = entries.stream().map(Expiry::held).toList();
                    rules(service, source.kind())
                            .forEach(keep -> join(reasons, Retention.reasons(held, keep, clock.instant())));
                });
        all.forEach(entry -> entry.hold()
                .ifPresent(hold -> join(reasons, Map.of(entry.manifest().id(), List.of(inWords(hold))))));
        return reasons;
    }

    private static void join(Map<BackupId, List<String>> all, Map<BackupId, List<String>> more) {
        more.forEach((id, reasons) -> {
            List<String> known = all.computeIfAbsent(id, i -> new ArrayList<>());
            reasons.stream().filter(reason -> !known.contains(reason)).forEach(known::add);
        });
    }

    private static Retention.Held held(CatalogEntry entry) {
        return new Retention.Held(entry.manifest().id(), entry.manifest().snapshotAt(), entry.state());
    }

    /** What any of several entries of a kind keeps, stays. */
    private static Set<Keep> rules(Service service, BackupKind kind) {
        Set<Keep> rules = service.backups().stream()
                .filter(entry -> entry.kind() == kind)
                .map(BackupEntry::keep)
                .collect(Collectors.toSet());
        return rules.isEmpty() ? Set.of(Keep.DEFAULT) : rules;
    }

    static String inWords(Hold hold) {
        return "legal hold by %s since %s: %s".formatted(hold.by(), hold.at(), hold.reason());
    }

    /** What no rule keeps goes, unless a store says otherwise. */
    private Fate goes(Service service, CatalogEntry entry, boolean dryRun, List<FailureException> troubles) {
        BackupId id = entry.manifest().id();
        Removal removal = new Removal(stores, catalog, clock);
        List<String> stays = new ArrayList<>();
        @Nullable String held = null;
        for (CatalogEntry.Copy copy : entry.copies()) {
            // The store is asked, not the catalogue: the hold may have been said elsewhere, after the last rescan.
            held = held != null ? held : tried(troubles, () -> removal.heldIn(entry, copy.store()), "cannot be asked");
        }
        if (held != null) {
            return new Fate(id, false, List.of(held));
        }
        for (CatalogEntry.Copy copy : entry.copies()) {
            String obstacle = tried(troubles, () -> removal.remove(entry, copy.store(), dryRun), "could not be removed");
            if (obstacle != null) {
                stays.add("%s in %s".formatted(obstacle, copy.store()));
            }
        }
        return stays.isEmpty()
                ? new Fate(id, true, List.of("kept by no rule: " + inWords(rules(service, entry.manifest().kind()))))
                : new Fate(id, false, stays);
    }

    private static String inWords(Set<Keep> rules) {
        Set<String> words = new TreeSet<>();
        rules.forEach(keep -> words.add("days %d, weeks %d, months %d, years %d, at least %d"
                .formatted(keep.days(), keep.weeks(), keep.months(), keep.years(), keep.atLeast())));
        return String.join("; ", words);
    }

    /** An obstacle in words, or null when there is none. */
    @FunctionalInterface
    private interface Attempted {
        @Nullable String run();
    }

    private static @Nullable String tried(List<FailureException> troubles, Attempted attempted, String otherwise) {
        try {
            return attempted.run();
        } catch (FailureException e) {
            troubles.add(e);
            return otherwise + ": " + e.failure().what();
        }
    }

    private static void tried(List<FailureException> troubles, Runnable work) {
        try {
            work.run();
        } catch (FailureException e) {
            troubles.add(e);
        }
    }
}
