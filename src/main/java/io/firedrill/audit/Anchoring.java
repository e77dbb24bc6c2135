package io.firedrill.audit;

import io.firedrill.failure.FailureException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes an anchor from time to time when something has happened since the last. */
public final class Anchoring implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Anchoring.class);
    static final String ACTION = "write-anchor";

    private final AuditTrail trail;
    private final Anchors anchors;
    private final Clock clock;
    private final String node;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("audit-anchors").factory());

    public Anchoring(AuditTrail trail, Anchors anchors, Clock clock, String node) {
        this.trail = trail;
        this.anchors = anchors;
        this.clock = clock;
        this.node = node;
    }

    public Anchoring start(Duration every) {
        thread.scheduleWithFixedDelay(this::quietly, Math.min(60, every.toSeconds()), every.toSeconds(), TimeUnit.SECONDS);
        return this;
    }

    private void quietly() {
        try {
            anchor();
        } catch (FailureException | UncheckedIOException e) {
            LOG.warn("no anchor was written: {}", e.getMessage());
        }
    }

    /** Returns the entry it holds; empty when the head is held already, or there is none. */
    public Optional<Row> anchor() {
        Optional<Row> head = trail.head().filter(row -> !isAnchor(row));
        head.ifPresent(row -> {
            Anchors.Written written = anchors.write(row, clock.instant(), node);
            Map<Fact, String> facts = new EnumMap<>(Fact.class);
            facts.put(Fact.BY, "anchor-key " + anchors.key().id());
            facts.put(Fact.NODE, node);
            facts.put(Fact.SUBJECT, "%d %s".formatted(row.n(), row.hash()));
            facts.put(Fact.DETAIL, "in %s%s".formatted(
                    written.stores().isEmpty() ? "no store" : String.join(", ", written.stores()),
                    written.problems().isEmpty() ? "" : "; not: " + String.join(" ", written.problems())));
            trail.record(Entry.of(clock.instant(), "firedrill", ACTION,
                    written.problems().isEmpty() ? Outcome.DONE : Outcome.FAILED, facts));
        });
        return head;
    }

    private static boolean isAnchor(Row row) {
        return Lines.tree(row.line()).path("action").asString("").equals(ACTION)
                && Lines.tree(row.line()).path("outcome").asString("").equals(Outcome.DONE.word());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
