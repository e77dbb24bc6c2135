package io.firedrill.console;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which alarms are raised, in the state database, so that of many servers, and over restarts, each change is told once.
 * While the database is away this server's own memory has to do.
 */
final class Alarms {
    private final JdbcClient db;
    private final Set<String> remembered = new HashSet<>();

    Alarms(DataSource stateDatabase) {
        this.db = JdbcClient.create(stateDatabase);
    }

    /** Whether that is news. */
    synchronized boolean raise(String key, Instant now) {
        boolean unknownHere = remembered.add(key);
        try {
            return db.sql("insert into firedrill.alarm (key, since) values (?, ?) on conflict (key) do nothing")
                            .params(key, Timestamp.from(now))
                            .update()
                    > 0;
        } catch (DataAccessException e) {
            return unknownHere;
        }
    }

    /** Whether that is news. */
    synchronized boolean clear(String key) {
        boolean knownHere = remembered.remove(key);
        try {
            return db.sql("delete from firedrill.alarm where key = ?").param(key).update() > 0;
        } catch (DataAccessException e) {
            return knownHere;
        }
    }
}
