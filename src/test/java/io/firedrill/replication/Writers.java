package io.firedrill.replication;

import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/** Sessions that write one row after the other and remember which were acknowledged, until their server goes. */
final class Writers {
    private final AtomicLong next = new AtomicLong();
    private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
    private final List<Thread> threads = new ArrayList<>();

    static Writers on(Database db, int count) {
        Writers writers = new Writers();
        for (int i = 0; i < count; i++) {
            writers.threads.add(Thread.ofPlatform().daemon().start(() -> writers.write(db)));
        }
        return writers;
    }

    private void write(Database db) {
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement()) {
            while (true) {
                long id = next.incrementAndGet();
                statement.execute("insert into written values (" + id + ")");
                acknowledged.add(id);
            }
        } catch (SQLException e) {
            // Its server is gone: what it was not told of does not count.
        }
    }

    Set<Long> acknowledged() {
        return acknowledged;
    }

    /** Once their server is gone. */
    Set<Long> ended() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        return acknowledged;
    }
}
