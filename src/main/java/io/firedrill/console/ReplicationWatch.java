package io.firedrill.console;

import io.firedrill.engine.Runs;
import io.firedrill.failure.FailureException;
import io.firedrill.history.Run;
import io.firedrill.history.StartTurns;
import io.firedrill.notification.Notifier;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.replication.NodeState;
import io.firedrill.replication.Replications;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the servers of every replicated service all the time. A primary that is missed twice in a row is told of once; where
 * the plan lets a failover act without approval for any cause, the process is started, and its witnesses decide. While a run
 * changes the servers of the service, which may stop the primary on purpose, neither is done.
 */
public final class ReplicationWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicationWatch.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int MISSED = 2;

    private final RecoveryPlan plan;
    private final Replications replications;
    private final Runs runs;
    private final StartTurns starts;
    private final ServerChanges changes;
    private final Notifier notifier;
    private final ReplicationMetrics metrics;
    private final Clock clock;
    private final Map<String, Look> newest = new ConcurrentHashMap<>();
    private final Map<String, Integer> missed = new HashMap<>();
    private final Set<String> dealtWith = new HashSet<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("replication-watch").factory());

    ReplicationWatch(
            RecoveryPlan plan,
            Replications replications,
            Runs runs,
            StartTurns starts,
            ServerChanges changes,
            Notifier notifier,
            ReplicationMetrics metrics,
            Clock clock) {
        this.plan = plan;
        this.replications = replications;
        this.runs = runs;
        this.starts = starts;
        this.changes = changes;
        this.notifier = notifier;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** @param nodes the primary's first if there is one */
    public record Look(Instant at, List<NodeState> nodes) {}

    /** The newest look at the servers of this service; empty when the plan has no replication for it, or before the first. */
    public Optional<Look> newest(String service) {
        return Optional.ofNullable(newest.get(service));
    }

    /** Which servers take writes and which follow: what open pages show at once. Lags are not in it, they move all the time. */
    public List<String> standing() {
        return newest.values().stream()
                .flatMap(look -> look.nodes().stream())
                .map(node -> node.node() + " " + node.role() + " " + node.streaming())
                .toList();
    }

    ReplicationWatch start() {
        if (plan.services().values().stream().anyMatch(service -> service.replication().isPresent())) {
            thread.scheduleWithFixedDelay(this::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        }
        return this;
    }

    private void look() {
        Map<String, List<NodeState>> states = new HashMap<>();
        for (Service service : plan.services().values()) {
            if (service.replication().isPresent()) {
                try {
                    List<NodeState> seen = replications.of(service.name()).look();
                    states.put(service.name(), seen);
                    newest.put(service.name(), new Look(clock.instant(), seen));
                    judge(service, seen);
                } catch (RuntimeException e) {
                    LOG.warn("the servers of {} could not be looked at: {}", service.name(), e.getMessage());
                }
            }
        }
        metrics.update(states);
    }

    private void judge(Service service, List<NodeState> states) {
        if (states.stream().anyMatch(NodeState::primary)) {
            missed.remove(service.name());
            dealtWith.remove(service.name());
        } else if (missed.merge(service.name(), 1, Integer::sum) >= MISSED && !dealtWith.contains(service.name())) {
            if (!underWay(service)) {
                act(service);
                dealtWith.add(service.name());
            }
        }
    }

    /** With the history away as well, writes matter more than a change that nobody can see: the witnesses still decide. */
    private boolean underWay(Service service) {
        try {
            return changes.any(service.name()).isPresent();
        } catch (FailureException e) {
            return false;
        }
    }

    /** A start that the engine does not take is tried again at the next look. */
    private void act(Service service) {
        if (service.replication().orElseThrow().policy().withoutApproval().isEmpty()) {
            tell("[%1$s] No server takes writes. See: firedrill replication %1$s; then: firedrill failover %1$s".formatted(service.name()));
            return;
        }
        Map<String, Object> variables = new HashMap<>();
        variables.put("service", service.name());
        variables.put("requestedBy", "firedrill");
        variables.put("requestReason", "No server takes writes.");
        StartTurns.Start start = start(service.name(), variables);
        if (start.ours()) {
            tell("[%s] No server takes writes; the failover is run %d.".formatted(service.name(), start.run()));
        }
    }

    /** Another Firedrill server sees the same and may have been first. With the state database away, a failover that is one too many finds a primary and ends. */
    private StartTurns.Start start(String service, Map<String, Object> variables) {
        try {
            return starts.start(
                    ServerChanges.subject(service), () -> changes.any(service).map(Run::id), () -> runs.start("failover", variables));
        } catch (FailureException e) {
            if (!e.failure().code().equals(StartTurns.DOWN)) {
                throw e;
            }
            return new StartTurns.Start(runs.start("failover", variables), true);
        }
    }

    private void tell(String text) {
        try {
            notifier.send(text);
        } catch (FailureException e) {
            LOG.warn("{}", e.failure());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
