package io.firedrill.backup;

import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.plan.BackupEntry;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.store.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How one source stands with one kind of backup.
 *
 * @param source the plan's name of the database or file set, or what its backups say they are of
 * @param newestGood the newest backup that a check read back whole; empty: nothing to restore from
 * @param allowed how old that may be: the RPO, or as long as the schedule leaves between two backups
 * @param newestGoodByStore moments, by store
 * @param oldestCheck when the copy was read back that was read back longest ago; empty while one never was
 */
public record Standing(
        String service,
        String source,
        BackupKind kind,
        Optional<CatalogEntry> newestGood,
        Duration allowed,
        Map<String, Instant> newestGoodByStore,
        Optional<Instant> oldestCheck,
        long quarantined,
        long held) {

    /** A backup takes time: it may be this much late before anybody is told. */
    private static final Duration LATE = Duration.ofHours(1);

    private record Key(String source, BackupKind kind) {}

    /**
     * @param longestGap how long a schedule leaves between two starts, at most
     * @param entries of this service
     */
    public static List<Standing> of(Service service, List<CatalogEntry> entries, Function<String, Duration> longestGap) {
        Map<Key, List<CatalogEntry>> byKey = new TreeMap<>(Comparator.comparing(Key::source).thenComparing(Key::kind));
        planned(service).forEach(key -> byKey.put(key, new ArrayList<>()));
        entries.forEach(entry -> byKey.computeIfAbsent(
                        new Key(entry.manifest().source(), entry.manifest().kind()), key -> new ArrayList<>())
                .add(entry));
        List<Standing> standings = new ArrayList<>();
        byKey.forEach((key, found) -> standings.add(of(service, key, found, allowed(service, key.kind(), longestGap))));
        return standings;
    }

    private static Set<Key> planned(Service service) {
        Set<BackupKind> kinds = service.backups().stream().map(BackupEntry::kind).collect(Collectors.toSet());
        return kinds.stream()
                .flatMap(kind -> (switch (kind) {
                    case LOGICAL -> service.databases().keySet();
                    case FILES -> service.fileSets().keySet();
                    case PHYSICAL -> service.servers().stream().map(Database::name).collect(Collectors.toSet());
                }).stream().map(source -> new Key(source, kind)))
                .collect(Collectors.toSet());
    }

    /** Between two backups of the schedule the newest may be older than the RPO: that the plan asks for too much is no alarm. */
    private static Duration allowed(Service service, BackupKind kind, Function<String, Duration> longestGap) {
        Duration rpo = service.objectives().rpo();
        return service.backups().stream()
                .filter(entry -> entry.kind() == kind)
                .flatMap(entry -> entry.schedule().stream())
                .map(longestGap)
                .min(Comparator.naturalOrder())
                .filter(gap -> gap.compareTo(rpo) > 0)
                .orElse(rpo)
                .plus(LATE);
    }

    private static Standing of(Service service, Key key, List<CatalogEntry> entries, Duration allowed) {
        Map<String, Instant> byStore = new TreeMap<>();
        for (CatalogEntry entry : entries) {
            entry.copies().stream()
                    .filter(copy -> copy.state() == State.VERIFIED)
                    .forEach(copy -> byStore.merge(
                            entry.manifest().placeIn(copy.store()), entry.manifest().snapshotAt(), (a, b) -> a.isAfter(b) ? a : b));
        }
        List<CatalogEntry.Copy> copies = entries.stream()
                .flatMap(entry -> entry.copies().stream())
                .filter(copy -> copy.state() != State.QUARANTINED)
                .toList();
        boolean allChecked = copies.stream().allMatch(copy -> copy.checkedAt() != null);
        return new Standing(
                service.name(),
                key.source(),
                key.kind(),
                entries.stream()
                        .filter(entry -> entry.state() == State.VERIFIED)
                        .max(Comparator.comparing(entry -> entry.manifest().snapshotAt())),
                allowed,
                byStore,
                allChecked ? copies.stream().flatMap(copy -> Optional.ofNullable(copy.checkedAt()).stream()).min(Comparator.naturalOrder()) : Optional.empty(),
                entries.stream().filter(entry -> entry.state() == State.QUARANTINED).count(),
                entries.stream().filter(entry -> entry.hold().isPresent()).count());
    }

    public Optional<Instant> newestGoodAt() {
        return newestGood.map(entry -> entry.manifest().snapshotAt());
    }

    /** Not below zero, though a clock may have been ahead. */
    public Optional<Duration> age(Instant now) {
        return newestGoodAt().map(at -> Duration.between(at, now)).map(age -> age.isNegative() ? Duration.ZERO : age);
    }

    public boolean overdue(Instant now) {
        return age(now).map(age -> age.compareTo(allowed) > 0).orElse(true);
    }

    /** What the newest good backup's manifest says, in short. */
    public Optional<BackupSummary> newest() {
        return newestGood.map(CatalogEntry::manifest).map((Manifest manifest) -> Summaries.of(manifest));
    }
}
