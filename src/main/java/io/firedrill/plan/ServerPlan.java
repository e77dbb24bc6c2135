package io.firedrill.plan;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a PostgreSQL server lives on Firedrill's host, and how it is started and stopped: what a recovery of the whole
 * server, and a look at one that does not answer, need to know.
 *
 * @param data its data directory, absolute; may be gone after a disaster
 * @param log the file, or folder of files, that it writes its log to; absent: {@code DATA.log} when pg_ctl starts it
 * @param start a program and its arguments that return when it takes sessions; with {@code stop} empty: pg_ctl
 * @param user who owns the data directory; absent: {@code postgres} when Firedrill runs as root, else its own user
 */
public record ServerPlan(Path data, Optional<Path> log, List<String> start, List<String> stop, Optional<String> user) {
    public ServerPlan {
        start = List.copyOf(start);
        stop = List.copyOf(stop);
        if (!data.isAbsolute() || data.getParent() == null || start.isEmpty() != stop.isEmpty()
                || user.filter(name -> !Repository.validUser(name)).isPresent()) {
            throw new IllegalArgumentException("Not a server's place: %s, start %s, stop %s, user %s".formatted(data, start, stop, user));
        }
    }

    /** Whether pg_ctl starts and stops it. */
    public boolean byPgCtl() {
        return start.isEmpty();
    }
}
