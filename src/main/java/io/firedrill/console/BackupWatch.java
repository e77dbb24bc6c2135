package io.firedrill.console;

import io.firedrill.backup.Standing;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.engine.ScheduleGap;
import io.firedrill.failure.FailureException;
import io.firedrill.notification.Message;
import io.firedrill.notification.Notifier;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.tool.Words;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every minute how old the newest good backup of everything is, tells people when it is too old, once, and when that
 * is over, once.
 */
final class BackupWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackupWatch.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final RecoveryPlan plan;
    private final Catalog catalog;
    private final Notifier notifier;
    private final Alarms alarms;
    private final Clock clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("backup-watch").factory());

    BackupWatch(RecoveryPlan plan, Catalog catalog, Notifier notifier, Alarms alarms, Clock clock) {
        this.plan = plan;
        this.catalog = catalog;
        this.notifier = notifier;
        this.alarms = alarms;
        this.clock = clock;
    }

    /** @param standings told after each look */
    BackupWatch start(Consumer<List<Standing>> standings) {
        thread.scheduleWithFixedDelay(() -> look(standings), EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
        return this;
    }

    private void look(Consumer<List<Standing>> told) {
        try {
            List<Standing> standings = standings();
            told.accept(standings);
            alarm(standings);
        } catch (RuntimeException e) {
            LOG.warn("the backups' age could not be looked at: {}", e.getMessage());
        }
    }

    List<Standing> standings() {
        return plan.services().values().stream()
                .flatMap(service -> of(service.name(), catalog.list(service.name())).stream())
                .toList();
    }

    List<Standing> of(String service, List<CatalogEntry> entries) {
        return Standing.of(
                plan.service(service), entries, cron -> ScheduleGap.longest(cron, plan.timeZone(), clock.instant()));
    }

    /** Tells what has changed since the last look. */
    void alarm(List<Standing> standings) {
        Instant now = clock.instant();
        for (Standing standing : standings) {
            String key = "backup-overdue %s/%s/%s".formatted(standing.service(), standing.source(), standing.kind().word());
            if (standing.overdue(now)) {
                if (alarms.raise(key, now)) {
                    tell(Message.Level.TROUBLE, overdue(standing, now), key);
                }
            } else if (alarms.clear(key)) {
                tell(Message.Level.WELL, "[%s] All clear: the newest good %s backup of %s is %s old."
                        .formatted(standing.service(), standing.kind().word(), standing.source(), age(standing, now)), key);
            }
        }
    }

    static String overdue(Standing standing, Instant now) {
        return standing.age(now).isEmpty()
                ? "[%s] There is no good %s backup of %s. See: firedrill backups %s"
                        .formatted(standing.service(), standing.kind().word(), standing.source(), standing.service())
                : "[%s] The newest good %s backup of %s is %s old; the plan allows %s. See: firedrill runs --service %s"
                        .formatted(
                                standing.service(), standing.kind().word(), standing.source(), age(standing, now),
                                Words.of(standing.allowed()), standing.service());
    }

    private static String age(Standing standing, Instant now) {
        return standing.age(now).map(Words::of).orElse("?");
    }

    private void tell(Message.Level level, String text, String about) {
        try {
            notifier.send(Message.of(level, text, about, null, null));
        } catch (FailureException e) {
            LOG.warn("{}", e.failure());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
