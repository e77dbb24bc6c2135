package io.firedrill.demo;

import io.firedrill.engine.StartGate;
import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The demo's PostgreSQL primary and its streaming standby. */
record Servers(LocalPostgres primary, LocalPostgres standby, String replicationPassword) {
    private static final String REPLICATOR = "replicator";
    private static final String SLOT = "standby";
    private static final Map<String, String> SETTINGS = Map.of(
            "wal_level", "replica",
            "max_wal_senders", "10",
            "max_replication_slots", "10",
            "hot_standby", "on",
            "track_commit_timestamp", "on",
            "max_connections", "60");

    /** @param superuserPassword of {@link LocalPostgres#SUPERUSER} */
    void startPrimary(String superuserPassword, StartGate gate) {
        gate.pass(() -> createPrimary(superuserPassword));
        gate.pass(primary::start);
    }

    private void createPrimary(String superuserPassword) {
        try {
            primary.create(superuserPassword, SETTINGS);
            primary.allow(List.of("host replication " + REPLICATOR + " 127.0.0.1/32 scram-sha-256"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clones the primary through a replication slot of its own and follows it from there. */
    void startStandby(Database superuser, StartGate gate) {
        new Shop(superuser.onDatabase("postgres"))
                .run("create role %s login replication password '%s'".formatted(REPLICATOR, replicationPassword));
        gate.pass(this::clonePrimary);
        gate.pass(standby::start);
        awaitStreaming(superuser);
    }

    private void clonePrimary() {
        try {
            Files.createDirectories(standby.folder());
            LocalPostgres.own(standby.folder());
            Command clone = Command.of(Programs.find("pg_basebackup"), "-D", standby.data().toString(), "-R", "-C", "-S", SLOT,
                            "-X", "stream", "-c", "fast", "--no-sync", "-h", "127.0.0.1", "-p",
                            String.valueOf(primary.port()), "-U", REPLICATOR, "--no-password")
                    .withEnvironment(Map.of("PGPASSWORD", replicationPassword))
                    .withDeadline(Duration.ofMinutes(3));
            Command.Result<String> cloned = standby.unprivileged(clone).run();
            if (!cloned.succeeded()) {
                throw failure("The demo's standby could not be cloned: " + cloned.stderr().strip());
            }
            standby.configure(SETTINGS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitStreaming(Database superuser) {
        Shop server = new Shop(superuser.onDatabase("postgres"));
        Instant end = Instant.now().plusSeconds(30);
        while (server.number("select count(*) from pg_stat_replication where state = 'streaming'") == 0) {
            if (Instant.now().isAfter(end)) {
                throw failure("The demo's standby does not stream from the primary.");
            }
            Pause.millis(50);
        }
    }

    /** How many bytes of WAL the standby has not replayed yet. */
    static long lagBytes(Database superuser) {
        return new Shop(superuser).number("""
                select coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))::bigint, -1)
                from pg_stat_replication where state = 'streaming'""");
    }

    /** Returns whether one of them was running. */
    static boolean stop(Places places) {
        boolean standby = false;
        try {
            standby = stop(new LocalPostgres(places.standby(), 0));
        } finally {
            standby |= stop(new LocalPostgres(places.primary(), 0));
        }
        return standby;
    }

    private static boolean stop(LocalPostgres server) {
        boolean running = server.running();
        server.stop();
        return running;
    }

    private static RuntimeException failure(String what) {
        return new Failure(
                        "demo-servers",
                        what,
                        "The demo cannot go on; nothing outside its folder was touched.",
                        "Look into server.log in the demo's folders primary and standby.")
                .lasting();
    }
}
