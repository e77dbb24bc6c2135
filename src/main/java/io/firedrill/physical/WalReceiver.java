package io.firedrill.physical;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import io.firedrill.tool.PgReceiveWal;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives one server's WAL all the time and brings it to every store. One thread keeps pg_receivewal running, one archives
 * what is whole. May be killed at any moment: what is whole in the spool is archived later, what is half is asked for again,
 * and the slot keeps the server from throwing it away. Of several nodes only the one that gets the slot receives.
 */
public final class WalReceiver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalReceiver.class);

    private final WalSource source;
    private final Database db;
    private final Duration unarchivedAtMost;
    private final Path root;
    private final Settings settings;
    private final Consumer<String> alarm;
    private final Clock clock;
    private final WalServer server;
    private final WalShipping shipping;
    private final GapWatch gaps;
    private final Set<String> raised = ConcurrentHashMap.newKeySet();
    private final Thread receiving;
    private final Thread archiving;
    private volatile boolean closed;
    private volatile WalStatus.State state = WalStatus.State.STARTING;
    private volatile @Nullable String receiveTrouble;
    private volatile @Nullable String switchTrouble;
    private volatile String position = "";
    private volatile Instant switched;

    /**
     * @param tick how often is looked for whole segments; {@code retry} pause after a lost connection
     * @param gapCheck how often the store is asked whether a base backup and the WAL after it join
     * @param spoolLimit bytes; fuller, receiving holds, and the server keeps its WAL instead
     */
    public record Settings(Duration tick, Duration retry, Duration gapCheck, long spoolLimit) {
        public static final Settings USUAL =
                new Settings(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofMinutes(5), 4L << 30);
    }

    /**
     * @param root folder of this server's spool
     * @param unarchivedAtMost WAL that was written is archived after this long, a third of the service's RPO
     * @param alarm told once of each trouble that a person must see to
     */
    public WalReceiver(
            WalSource source, Database db, Duration unarchivedAtMost, Path root, Stores stores, Keys keys, Settings settings,
            Consumer<String> alarm, Clock clock) {
        this.source = source;
        this.db = db;
        this.unarchivedAtMost = unarchivedAtMost;
        this.root = root;
        this.settings = settings;
        this.alarm = alarm;
        this.clock = clock;
        this.switched = clock.instant();
        this.server = new WalServer(db, source.slot());
        this.shipping = new WalShipping(source, stores, keys, clock);
        this.gaps = new GapWatch(source, stores, keys);
        this.receiving = Thread.ofPlatform().daemon().name("wal-receive-" + source.source()).unstarted(this::receive);
        this.archiving = Thread.ofPlatform().daemon().name("wal-archive-" + source.source()).unstarted(this::archive);
    }

    public void start() {
        receiving.start();
        archiving.start();
    }

    public WalStatus status() {
        WalShipping.Reached reached = shipping.reached();
        String trouble = receiveTrouble != null ? receiveTrouble : shipping.trouble() != null ? shipping.trouble() : switchTrouble;
        return new WalStatus(
                source.service(), source.source(), db.host() + ":" + db.port(), state,
                reached == null ? null : reached.lsn(), reached == null ? null : reached.at(),
                reached == null ? null : reached.newest(), bytes(), gaps.gap(), trouble);
    }

    private long bytes() {
        return WalSpool.all(root).stream().mapToLong(WalSpool::bytes).sum();
    }

    // Receiving.

    private void receive() {
        while (!closed) {
            try {
                once();
            } catch (FailureException | UncheckedIOException e) {
                state = WalStatus.State.RETRYING;
                receiveTrouble = e.getMessage();
                raise("receive", "WAL of %s is not received: %s".formatted(source.source(), e.getMessage()));
            }
            pause(settings.retry());
        }
    }

    private void once() {
        WalServer.Slot slot = server.slot();
        WalSpool spool = WalSpool.of(root, slot.systemIdentifier());
        if (slot.lost()) {
            begin(spool, "the server has thrown away WAL that was not received yet");
        } else if (slot.active()) {
            state = WalStatus.State.ELSEWHERE;
            receiveTrouble = null;
        } else if (bytes() > settings.spoolLimit()) {
            state = WalStatus.State.HELD;
            raise("held", "The WAL spool %s is full (%d bytes): the server %s keeps its WAL until a store takes it."
                    .formatted(root, bytes(), source.source()));
        } else {
            spool.removeHalfMade(slot.segmentBytes());
            stream(spool);
        }
    }

    private void stream(WalSpool spool) {
        state = WalStatus.State.STREAMING;
        receiveTrouble = null;
        raised.remove("held");
        raised.remove("receive");
        FailureException why = PgReceiveWal.receive(db, source.slot(), spool.folder());
        switch (why.failure().code()) {
            case "slot-in-use" -> state = WalStatus.State.ELSEWHERE;
            case "wal-lost" -> begin(spool, why.failure().what());
            case "other-timeline" -> {
                // What is whole must be archived before the spool forgets where it stood.
                if (shipping.hasAll(spool)) {
                    spool.clear();
                }
                throw why;
            }
            default -> throw why;
        }
    }

    /** WAL is missing that nobody can bring back: begins anew, and says that a base backup is needed. */
    private void begin(WalSpool spool, String why) {
        LOG.error("{}: a gap in the WAL: {}", source.source(), why);
        server.dropSlot();
        if (shipping.hasAll(spool)) {
            spool.clear();
        }
        gaps.lost(why);
        raise("gap", "WAL of %s is missing: %s. Take a base backup now: firedrill backup %s --kind physical"
                .formatted(source.source(), why, source.service()));
    }

    // Archiving.

    private void archive() {
        Instant gapCheck = Instant.MIN;
        while (!closed) {
            try {
                for (WalSpool spool : WalSpool.all(root)) {
                    shipping.ship(spool);
                }
                tellOfStores();
                holdWhenFull();
                switchWhenDue();
                if (clock.instant().isAfter(gapCheck)) {
                    lookForGaps();
                    gapCheck = clock.instant().plus(settings.gapCheck());
                }
            } catch (FailureException | UncheckedIOException e) {
                LOG.warn("{}: {}", source.source(), e.getMessage());
            }
            pause(settings.tick());
        }
    }

    private void tellOfStores() {
        if (shipping.trouble() == null) {
            raised.remove("store");
        } else {
            raise("store", "WAL of %s waits in the spool: %s".formatted(source.source(), shipping.trouble()));
        }
    }

    /** Ends pg_receivewal; receiving goes on when there is room. */
    private void holdWhenFull() {
        if (state == WalStatus.State.STREAMING && bytes() > settings.spoolLimit()) {
            receiving.interrupt();
        }
    }

    private void switchWhenDue() {
        WalShipping.Reached reached = shipping.reached();
        Instant last = reached != null && reached.at().isAfter(switched) ? reached.at() : switched;
        if (state != WalStatus.State.STREAMING || clock.instant().isBefore(last.plus(unarchivedAtMost))) {
            return;
        }
        switched = clock.instant();
        try {
            position = server.switchWal(position);
            switchTrouble = null;
        } catch (FailureException e) {
            switchTrouble = "%s As a superuser there: GRANT EXECUTE ON FUNCTION pg_switch_wal() TO \"%s\""
                    .formatted(e.failure().what(), db.user());
            raise("switch", "WAL of %s is archived only when a segment is full: %s".formatted(source.source(), switchTrouble));
        }
    }

    private void lookForGaps() {
        gaps.look();
        if (gaps.gap() == null) {
            raised.remove("gap");
        } else {
            raise("gap", "WAL of %s is missing: %s Take a base backup now: firedrill backup %s --kind physical"
                    .formatted(source.source(), gaps.gap(), source.service()));
        }
    }

    private void raise(String what, String text) {
        if (raised.add(what)) {
            try {
                alarm.accept(text);
            } catch (FailureException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            // Either closed, which the loop sees, or called away to look again.
        }
    }

    /** Ends pg_receivewal; what is whole in the spool is archived by the next one. */
    @Override
    public void close() {
        closed = true;
        for (Thread thread : List.of(receiving, archiving)) {
            thread.interrupt();
            try {
                thread.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
