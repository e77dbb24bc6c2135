package io.firedrill.audit;

import io.firedrill.failure.Failure;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The trail. What is recorded is on this host's disk at once and in the chain as soon as the state database answers; nobody
 * waits for that. The engine's records that matter are chained as the exporter brings them.
 */
public final class AuditTrail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final long PAUSE_MILLIS = 1_000;
    private static final int BATCH = 500;

    private final Spool spool;
    private final Chain chain;
    private final EngineRecords engine;
    private final Clock clock;
    /** What the disk did not take. */
    private final ConcurrentLinkedQueue<Lines.Waiting> unspooled = new ConcurrentLinkedQueue<>();
    private final Semaphore news = new Semaphore(0);
    private final Thread writer;
    private volatile boolean closed;
    private String lastTrouble = "";

    /** @param folder of this host's own, for what waits */
    public AuditTrail(DataSource stateDatabase, Path folder, Clock clock) {
        this.spool = new Spool(folder);
        this.chain = new Chain(stateDatabase);
        this.engine = new EngineRecords(chain);
        this.clock = clock;
        this.writer = Thread.ofPlatform().daemon().name("audit-trail").start(this::chainAll);
    }

    /** Leaves it in the folder for the server that works there, which chains it when it next runs; for programs without server. */
    public static void leave(Path folder, Entry entry) {
        new Spool(folder).append(Lines.waiting(entry, null));
    }

    public void record(Entry entry) {
        record(entry, null);
    }

    /** @param shown what whoever decided was shown; kept under its digest, see {@link Fact#SAW} */
    public void record(Entry entry, @Nullable String shown) {
        String line = Lines.waiting(entry, shown);
        LOG.info("{}", Lines.waiting(entry, null));
        try {
            spool.append(line);
        } catch (UncheckedIOException e) {
            LOG.error("the audit spool cannot be written, {} waits in memory: {}", line, e.getMessage());
            unspooled.add(new Lines.Waiting(entry, shown));
        }
        news.release();
    }

    private void chainAll() {
        while (!closed) {
            boolean more = false;
            try {
                more = chainWhatWaits();
            } catch (DataAccessException | TransactionException | UncheckedIOException e) {
                complain(e);
            }
            try {
                if (!more) {
                    news.tryAcquire(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                    news.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Once per trouble. */
    private void complain(RuntimeException e) {
        String trouble = String.valueOf(e.getMessage());
        if (!trouble.equals(lastTrouble)) {
            LOG.warn("the audit trail waits on this host's disk: {}", trouble);
            lastTrouble = trouble;
        }
    }

    private boolean chainWhatWaits() {
        if (unspooled.isEmpty() && spool.waiting() == 0) {
            return engine.chainNew();
        }
        spool.drain(lines -> batches(lines.stream().map(line -> Lines.waiting(line, clock.instant())).toList()));
        List<Lines.Waiting> left = new ArrayList<>(unspooled);
        batches(left);
        unspooled.removeAll(left);
        return engine.chainNew();
    }

    private void batches(List<Lines.Waiting> waiting) {
        for (int from = 0; from < waiting.size(); from += BATCH) {
            chain.append(waiting.subList(from, Math.min(from + BATCH, waiting.size())));
        }
    }

    /** How many actions are on this host's disk and not in the chain yet. */
    public long waiting() {
        return spool.waiting() + unspooled.size();
    }

    /** Newest first. */
    public List<Row> search(Search search) {
        return answer(() -> chain.search(search));
    }

    /** What was shown to somebody, by the digest that their entry names. */
    public Optional<String> shown(String digest) {
        return answer(() -> chain.shown(digest));
    }

    public Optional<Row> head() {
        return answer(chain::head);
    }

    /** In order, from the one after {@code after}, until the reader says false. */
    public void read(long after, Predicate<Row> reader) {
        answer(() -> {
            chain.read(after, reader);
            return true;
        });
    }

    /** Checks every entry, against the anchors too, and the engine's records that are still kept. */
    public Verdict verify(List<Anchors.Found> anchors) {
        Verification verification = new Verification(anchors);
        read(0, verification::next);
        verification.end();
        answer(engine::changed).ifPresent(verification::recordChanged);
        return verification.verdict(waiting());
    }

    private static <T> T answer(Supplier<T> query) {
        try {
            return query.get();
        } catch (DataAccessException | TransactionException e) {
            throw new Failure(
                            "state-database-down",
                            "The audit trail cannot be read: the state database does not answer, or its tables are not ready yet.",
                            "Nothing is lost: what happens meanwhile waits on this host's disk and is chained afterwards.",
                            "Start the state database, then try again.")
                    .passing(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        news.release();
        try {
            writer.join(2 * PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
