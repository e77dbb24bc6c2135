package io.firedrill.proof;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.proof.DatabaseContents.LargeObjects;
import io.firedrill.proof.DatabaseContents.NotProven;
import io.firedrill.proof.DatabaseContents.TableContent;
import io.firedrill.tool.Progress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One measurement of one database: several sessions on one snapshot share the tables, largest first. */
final class DatabaseMeasurement {
    private final Database db;
    private final int connections;
    private final Progress progress;
    private final @Nullable RowsInDump dump;
    private final List<Tables.Table> dumped = new ArrayList<>();
    private final Queue<Work> queue = new ConcurrentLinkedQueue<>();
    private final Queue<TableContent> contents = new ConcurrentLinkedQueue<>();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile LargeObjects largeObjects = new LargeObjects(0, 0, new DigestSum().hex());
    private long estimatedRows;

    /** @param dump tells of tables, so that these are not read again; null: read all */
    DatabaseMeasurement(Database db, int connections, Progress progress, @Nullable RowsInDump dump) {
        if (connections < 1) {
            throw new IllegalArgumentException("connections < 1: " + connections);
        }
        this.db = db;
        this.connections = connections;
        this.progress = progress;
        this.dump = dump;
    }

    @FunctionalInterface
    private interface Work {
        void in(Session session) throws SQLException;
    }

    Measure.Measured run(@Nullable String snapshotId) {
        try (Session first = Session.open(db, snapshotId);
                ExecutorService sharing = Executors.newFixedThreadPool(connections)) {
            String snapshot = snapshotId == null ? first.exportSnapshot() : snapshotId;
            plan(first);
            try {
                List<Future<?>> workers = begin(sharing, snapshot);
                Inventory inventory = Inventory.of(first);
                List<NotProven> notProven = notProven(first);
                var sequences = Sequences.read(first);
                await(workers);
                takeFromDump();
                await(begin(sharing, snapshot));
                return new Measure.Measured(
                        new DatabaseContents(tables(), sequences, largeObjects, inventory.digests(), notProven), inventory);
            } finally {
                stopped.set(true);
            }
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    private void plan(Session session) throws SQLException {
        List<Tables.Table> tables = Tables.list(session);
        estimatedRows = tables.stream().mapToLong(Tables.Table::estimatedRows).sum();
        queue.add(own -> largeObjects = LargeObjectContents.measure(own, read -> checkStopped()));
        for (Tables.Table table : tables) {
            if (dump != null && table.asInDump()) {
                dumped.add(table);
            } else {
                queue.add(reading(table));
            }
        }
    }

    private Work reading(Tables.Table table) {
        return own -> contents.add(Tables.measure(own, table, read -> report(table, read)));
    }

    /** Sessions that share what is queued now. */
    private List<Future<?>> begin(ExecutorService sharing, String snapshot) {
        List<Future<?>> workers = new ArrayList<>();
        for (int i = 0; i < Math.min(connections, queue.size()); i++) {
            workers.add(sharing.submit(() -> drain(snapshot)));
        }
        return workers;
    }

    /** Waits for the dump; what it does not tell for certain is queued. */
    private void takeFromDump() {
        if (dump == null || dumped.isEmpty()) {
            return;
        }
        try {
            Map<Long, RowsInDump.Rows> rows = dump.await();
            for (Tables.Table table : dumped) {
                TableContent content = table.in(rows);
                if (content == null) {
                    queue.add(reading(table));
                } else {
                    contents.add(content);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled();
        }
    }

    private void report(Tables.Table table, long read) {
        checkStopped();
        long done = rows.addAndGet(read);
        progress.at(table.schema() + "." + table.name(), done, Math.max(done, estimatedRows), "rows");
    }

    private void checkStopped() {
        if (stopped.get()) {
            throw cancelled();
        }
    }

    private void drain(String snapshot) {
        try (Session own = Session.open(db, snapshot)) {
            for (Work work = queue.poll(); work != null && !stopped.get(); work = queue.poll()) {
                work.in(own);
            }
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        } finally {
            // Either all is taken, or this one failed and the others need not go on.
            queue.clear();
        }
    }

    private static void await(List<Future<?>> workers) {
        for (Future<?> worker : workers) {
            try {
                worker.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw cancelled();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException own ? own : new IllegalStateException(e.getCause());
            }
        }
    }

    private static RuntimeException cancelled() {
        return new Failure("cancelled", "Measuring the database was cancelled.", "Nothing was changed.", "Start the step again.")
                .passing();
    }

    private List<TableContent> tables() {
        return contents.stream()
                .sorted(Comparator.comparing(TableContent::schema).thenComparing(TableContent::table))
                .toList();
    }

    private static List<NotProven> notProven(Session session) throws SQLException {
        List<NotProven> all = new ArrayList<>();
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery(CatalogQuery.read("not-proven.sql", session.version(), false))) {
            while (row.next()) {
                all.add(new NotProven(row.getString(1), row.getString(2)));
            }
        }
        all.sort(Comparator.comparing(NotProven::relation));
        return all;
    }
}
