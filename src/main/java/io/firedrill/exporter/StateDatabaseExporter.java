package io.firedrill.exporter;

import io.camunda.zeebe.exporter.api.Exporter;
import io.camunda.zeebe.exporter.api.context.Context;
import io.camunda.zeebe.exporter.api.context.Controller;
import io.camunda.zeebe.protocol.record.Record;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the engine's log into the state database: nothing lost, nothing double, while either of them restarts.
 *
 * <p>Records wait in memory for at most the flush interval or until a batch is full. The engine learns that they are
 * exported only after the commit, so after a crash it offers them again; the database ignores what it has. While the
 * database is away a full batch makes {@link #export} throw: the engine keeps the record, goes on working, and retries.
 *
 * <p>One instance serves one partition; the engine calls it and its scheduled task on one thread.
 */
public final class StateDatabaseExporter implements Exporter {
    /** A batch counts as full at this many characters too: single variables may have megabytes. */
    private static final long FULL_CHARACTERS = 8L << 20;

    private static final Duration QUIET = Duration.ofMinutes(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final List<Entry> waiting = new ArrayList<>();
    private Logger log = LoggerFactory.getLogger(StateDatabaseExporter.class);
    private long waitingCharacters;
    private long newestBuffered = -1;
    private long failingSince;
    private long lastComplaint;
    private @Nullable Settings settings;
    private @Nullable StateDatabase database;
    private @Nullable Controller controller;

    @Override
    public void configure(Context context) {
        log = context.getLogger();
        Settings given = Settings.of(context.getConfiguration().getArguments());
        settings = given;
        database = new StateDatabase(given, context.getPartitionId(), log);
        context.setFilter(new Interesting());
    }

    /** Does not connect: the engine must start while the state database is down. */
    @Override
    public void open(Controller opened) {
        controller = opened;
        scheduleFlush(configured(settings).flushInterval());
    }

    @Override
    public void export(Record<?> record) {
        // INVARIANT: a record whose export threw is offered again; it is in the buffer already.
        if (record.getPosition() > newestBuffered) {
            Entry entry = Entry.of(record, configured(settings).mask());
            waiting.add(entry);
            waitingCharacters += entry.json().length();
            newestBuffered = entry.position();
        }
        if (waiting.size() >= configured(settings).batchSize() || waitingCharacters >= FULL_CHARACTERS) {
            try {
                flush();
            } catch (SQLException | IOException e) {
                complain(e);
                throw new IllegalStateException("The state database took no records: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {
        StateDatabase open = database;
        if (open != null) {
            try {
                flush();
            } catch (SQLException | IOException | RuntimeException e) {
                log.info("{} records are exported after the next start: {}", waiting.size(), e.getMessage());
            }
            open.close();
        }
    }

    private void flush() throws SQLException, IOException {
        if (waiting.isEmpty()) {
            return;
        }
        configured(database).write(waiting);
        long position = waiting.getLast().position();
        waiting.clear();
        waitingCharacters = 0;
        if (failingSince != 0) {
            log.info("The state database takes records again, up to position {}", position);
            failingSince = 0;
        }
        configured(controller).updateLastExportedRecordPosition(position);
    }

    private void scheduleFlush(Duration delay) {
        configured(controller).scheduleCancellableTask(delay, this::scheduledFlush);
    }

    private void scheduledFlush() {
        Duration delay = configured(settings).flushInterval();
        try {
            flush();
        } catch (SQLException | IOException | RuntimeException e) {
            complain(e);
            delay = PAUSE_AFTER_FAILURE;
        } finally {
            scheduleFlush(delay);
        }
    }

    /** Once a minute; the engine retries far more often. */
    private void complain(Exception failure) {
        long now = System.nanoTime();
        if (failingSince == 0 || now - lastComplaint > QUIET.toNanos()) {
            log.warn(
                    "The state database takes no records; the engine keeps them and exports them later. {} wait here: {}",
                    waiting.size(),
                    failure.getMessage());
            lastComplaint = now;
        }
        if (failingSince == 0) {
            failingSince = now;
        }
    }

    private static <T> T configured(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("The exporter is used before it was configured and opened");
        }
        return part;
    }
}
