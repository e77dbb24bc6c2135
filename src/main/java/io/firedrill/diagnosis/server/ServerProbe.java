package io.firedrill.diagnosis.server;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.ServerPlan;
import io.firedrill.proof.PgConnections;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at one server, read-only: by asking it; or, when nobody answers, by its log and data directory on this host. */
public final class ServerProbe {
    /** What a server that works said longer ago has passed. */
    private static final Duration RECENT = Duration.ofMinutes(10);

    /** Of a server that works, what its log may tell that asking it does not; damage is looked for in the data itself. */
    private static final Set<Sign> TOLD_BY_LOG = Set.of(Sign.DISK_FULL, Sign.BACKEND_CRASHED, Sign.STANDBY_LOST, Sign.TOO_MANY_CONNECTIONS);

    private final Database db;
    private final Optional<ServerPlan> place;
    private final Instant now;
    private final String server;
    private final List<Signal> signals = new ArrayList<>();

    /** @param db one on that server, at one address */
    public ServerProbe(Database db, Instant now) {
        this.db = db;
        this.place = db.place();
        this.now = now;
        this.server = db.host() + ":" + db.port();
    }

    public List<Signal> run() {
        Reach reach = Reach.of(db);
        if (reach == Reach.ANSWERS) {
            ask();
        } else {
            lookFromOutside(reach);
        }
        return signals;
    }

    private void ask() {
        try (Connection connection = open()) {
            LiveServer live = new LiveServer(connection, server);
            signals.addAll(live.look());
            if (InetAddress.getByName(db.host()).isLoopbackAddress()) {
                signals.addAll(Disks.full(server, live.places()));
            }
            place.flatMap(ServerPlan::log).flatMap(ServerLog::read).or(live::log)
                    .map(lines -> ServerLog.since(lines, now.minus(RECENT)))
                    .ifPresent(lines -> LogScan.hits(lines).forEach(this::toldByLiveLog));
        } catch (FailureException | SQLException | UnknownHostException e) {
            // What keeps us out is told with each database; the log may say why.
            tellWhyItIsAway();
        }
    }

    private Connection open() {
        try {
            return PgConnections.open(db);
        } catch (FailureException e) {
            if (Set.of("database-missing", "database-fenced").contains(e.failure().code())) {
                return PgConnections.open(db.onDatabase("postgres"));
            }
            throw e;
        }
    }

    private void toldByLiveLog(LogScan.Hit hit) {
        if (!TOLD_BY_LOG.contains(hit.sign()) || signals.stream().anyMatch(signal -> signal.sign() == hit.sign())) {
            return;
        }
        signals.add(new Signal(hit.sign(), hit.sign() == Sign.DISK_FULL, server, "Its log says: " + hit.line(), next(hit.sign())));
    }

    private void lookFromOutside(Reach reach) {
        switch (reach) {
            case UNREACHABLE -> signals.add(Signal.damage(Sign.HOST_UNREACHABLE, server, "The host %s is not reached.".formatted(db.host()),
                    "Look whether the host or the whole site is lost, or only the network between."));
            case SILENT -> signals.add(Signal.damage(silent(), server,
                    "Something has the port %d and does not answer as PostgreSQL does.".formatted(db.port()),
                    silent() == Sign.SERVER_HANGS
                            ? "Look at its process before you restart it: it may be stopped or wait for its disk."
                            : "Find out who has the port (ss -ltnp 'sport = :%d'), end that, then start the server.".formatted(db.port())));
            default -> { }
        }
        place.ifPresent(there -> signals.addAll(new ServerFolder(there, server).look()));
        tellWhyItIsAway();
        if (signals.isEmpty()) {
            signals.add(Signal.damage(Sign.SERVER_DEAD, server, "Nothing listens there.",
                    place.map(ServerFolder::howToStart).orElse("Start it and read its log; tell the plan where it lives (server: data, log).")));
        }
    }

    private Sign silent() {
        return place.flatMap(there -> ServerFolder.livingProcess(there.data())).isPresent() ? Sign.SERVER_HANGS : Sign.PORT_TAKEN;
    }

    /** The last word of the log since it last took sessions. */
    private void tellWhyItIsAway() {
        List<LogScan.Hit> hits = place.map(ServerProbe::log).flatMap(ServerLog::read).map(LogScan::sinceReady).orElse(List.of());
        if (hits.isEmpty()) {
            return;
        }
        LogScan.Hit last = hits.stream()
                .filter(hit -> hit.sign() != Sign.BACKEND_CRASHED)
                .reduce((one, later) -> later)
                .orElse(hits.getLast());
        if (signals.stream().noneMatch(signal -> signal.sign() == last.sign())) {
            signals.add(Signal.damage(last.sign(), server, "Its log says: " + last.line(), next(last.sign())));
        }
    }

    private static Path log(ServerPlan place) {
        return place.log().orElse(place.data().resolveSibling(place.data().getFileName() + ".log"));
    }

    private String next(Sign sign) {
        return switch (sign) {
            case DISK_FULL -> "Free or add space on that disk, never by deleting files of the server's own; start it if it has stopped.";
            case BAD_CONFIG -> "Mend what its log names in the configuration, then start it.";
            case PORT_TAKEN -> "Find out who has the port (ss -ltnp 'sport = :%d'), end that or change the port, then start it.".formatted(db.port());
            case BAD_PERMISSIONS -> "Give the files that its log names back to the user it runs as, then start it.";
            case BACKEND_CRASHED -> "It recovers by itself: wait until it takes sessions again. Then find out what ended its process.";
            case STANDBY_LOST -> "Build that standby anew from this server (pg_basebackup); the service itself has lost nothing.";
            case TOO_MANY_CONNECTIONS -> LiveServer.endIdleSessions();
            case BROKEN_INDEX -> "Build the index anew: REINDEX INDEX CONCURRENTLY.";
            default -> "Read the rest of its log.";
        };
    }
}
