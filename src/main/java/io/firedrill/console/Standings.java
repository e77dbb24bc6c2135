package io.firedrill.console;

import io.firedrill.backup.Standing;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.RunDetail;
import io.firedrill.physical.WalReceivers;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Each service's objectives and the truth. */
public final class Standings {
    private final RecoveryPlan plan;
    private final Catalog catalog;
    private final History history;
    private final BackupWatch watch;
    private final WalReceivers wal;
    private final Clock clock;

    Standings(RecoveryPlan plan, Catalog catalog, History history, BackupWatch watch, WalReceivers wal, Clock clock) {
        this.plan = plan;
        this.catalog = catalog;
        this.history = history;
        this.watch = watch;
        this.wal = wal;
        this.clock = clock;
    }

    /**
     * @param newestBackup newest moment that verified backups bring back, base backups with the WAL after them too, of the
     *     source that can be brought back the least far; null when one has none
     * @param withinRpo whether that is young enough
     * @param sources each database, server and file set with each kind of its backups
     * @param alarms what people are told about: backups that are older than the plan allows
     */
    public record ServiceStatus(
            String name,
            long rpoSeconds,
            long rtoSeconds,
            @Nullable Instant newestBackup,
            @Nullable Long backupAgeSeconds,
            boolean withinRpo,
            int backups,
            @Nullable LastDrill lastDrill,
            List<SourceStatus> sources,
            List<String> alarms) {}

    /** {@code outcome}: {@code proven} or {@code failed}; {@code at}: when it began. */
    public record LastDrill(
            long run, String drill, Instant at, String outcome, boolean objectivesMet, double rtoSeconds, double rpoSeconds) {}

    /** @param allowedAgeSeconds how old the newest good backup may be before people are told */
    public record SourceStatus(
            String source,
            String kind,
            @Nullable Instant newestBackup,
            @Nullable Long ageSeconds,
            long allowedAgeSeconds,
            boolean overdue,
            @Nullable Instant oldestCheck,
            long quarantined,
            long held) {
        static SourceStatus of(Standing standing, Instant now) {
            return new SourceStatus(
                    standing.source(),
                    standing.kind().word(),
                    standing.newestGoodAt().orElse(null),
                    standing.age(now).map(Duration::toSeconds).orElse(null),
                    standing.allowed().toSeconds(),
                    standing.overdue(now),
                    standing.oldestCheck().orElse(null),
                    standing.quarantined(),
                    standing.held());
        }
    }

    /** In the plan's order. */
    public List<ServiceStatus> services() {
        return plan.services().values().stream().map(this::of).toList();
    }

    private ServiceStatus of(Service service) {
        List<CatalogEntry> entries = catalog.list(service.name());
        Optional<Instant> newest = new NewestMoment(service, entries, wal.status()).ofAll();
        Optional<Duration> age = newest.map(at -> Duration.between(at, clock.instant()));
        List<Standing> standings = watch.of(service.name(), entries);
        Instant now = clock.instant();
        return new ServiceStatus(
                service.name(),
                service.objectives().rpo().toSeconds(),
                service.objectives().rto().toSeconds(),
                newest.orElse(null),
                age.map(Duration::toSeconds).orElse(null),
                age.isPresent() && age.get().compareTo(service.objectives().rpo()) <= 0,
                entries.size(),
                lastDrill(service.name()),
                standings.stream().map(standing -> SourceStatus.of(standing, now)).toList(),
                standings.stream()
                        .filter(standing -> standing.overdue(now))
                        .map(standing -> BackupWatch.overdue(standing, now))
                        .toList());
    }

    private @Nullable LastDrill lastDrill(String service) {
        try {
            return history.newestWith("drill", service, "drillResult").map(Standings::lastDrill).orElse(null);
        } catch (FailureException e) {
            return null;
        }
    }

    private static LastDrill lastDrill(RunDetail detail) {
        Map<?, ?> result = detail.variables().get("drillResult") instanceof Map<?, ?> map ? map : Map.of();
        return new LastDrill(
                detail.run().id(),
                String.valueOf(detail.variables().get("drill")),
                detail.run().startedAt(),
                Boolean.TRUE.equals(result.get("proven")) ? "proven" : "failed",
                Boolean.TRUE.equals(result.get("objectivesMet")),
                result.get("rtoSeconds") instanceof Number rto ? rto.doubleValue() : 0,
                result.get("rpoSeconds") instanceof Number rpo ? rpo.doubleValue() : 0);
    }
}
