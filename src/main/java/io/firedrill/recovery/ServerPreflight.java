package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.ServerPlan;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.PgControlData;
import io.firedrill.tool.PgCtl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether a server can be restored beside its data directory and swapped in, asked before anybody is asked to approve it. */
final class ServerPreflight {
    private static final String NOTHING = "Nothing was changed.";

    /** Stays free on the disk whatever is laid out. */
    private static final long RESERVE = 256L << 20;

    private final Database db;

    ServerPreflight(Database db) {
        this.db = db;
    }

    record Asked(Preflight preflight, List<String> warnings) {}

    /** Whether it takes sessions at all. */
    boolean up() {
        try (Server server = Server.open(db)) {
            return true;
        } catch (FailureException e) {
            return false;
        }
    }

    /**
     * Lasting failures {@code other-data-directory}, {@code other-server}, {@code other-version}, {@code no-password},
     * {@code missing-privilege}, {@code wrong-user} and those of {@link FilesPreflight}.
     */
    Asked run(ServerChoice.Found found) {
        ServerPlan place = db.place().orElseThrow();
        List<String> warnings = new ArrayList<>();
        requirePassword();
        askServer(place);
        requireUser(place.user().orElseGet(PgCtl::usualUser));
        requireSame(place, found.base());
        if (Files.isSymbolicLink(place.data().resolve("pg_wal"))) {
            warnings.add("pg_wal of %s is a link to another disk; that of the restored server lies in its data directory."
                    .formatted(db.name()));
        }
        // WAL lies there twice: as fetched, and as the server replays it.
        long needed = found.bytes() + 2 * found.walBytes() + RESERVE;
        Preflight asked = new FilesPreflight(db.name(), place.data(), new FileTreeContents(0, 0, needed, "")).run(found.readBytes());
        return new Asked(
                new Preflight(asked.name(), asked.where(), asked.readBytes(), asked.neededBytes(), asked.freeBytes(), asked.disk(),
                        List.of("PostgreSQL %d here, the base backup is of it".formatted(LocalPostgres.majorVersion()),
                                "the data directory can be renamed where it is")),
                warnings);
    }

    private void requirePassword() {
        if (db.passwordFile().isEmpty()) {
            throw new Failure("no-password", "The plan has no password for %s.".formatted(db.name()),
                            "The restored server lets nobody in without one while it is looked through; nothing was changed.",
                            "Give %s a password on the server, and its passwordFile in the plan.".formatted(db.user()))
                    .lasting();
        }
    }

    /** One that is down says nothing; then the plan is taken at its word. */
    private void askServer(ServerPlan place) {
        try (Server server = Server.open(db)) {
            if (!server.superuser()) {
                throw new Failure("missing-privilege", "%s is no superuser on %s:%d.".formatted(db.user(), db.host(), db.port()),
                                "The restored server could not be looked through; nothing was changed.",
                                "ALTER ROLE it SUPERUSER, or name another user in the plan.")
                        .lasting();
            }
            Path says = Path.of(server.value("show data_directory").orElseThrow());
            if (!same(says, place.data())) {
                throw new Failure("other-data-directory",
                                "The server of %s has its data in %s; the plan says %s.".formatted(db.name(), says, place.data()),
                                NOTHING, "Mend data: of its server in the plan.")
                        .lasting();
            }
        } catch (FailureException e) {
            if (!List.of("server-unreachable", "server-starting", "session-ended", "damaged-data", "database-missing", "too-many-connections")
                    .contains(e.failure().code())) {
                throw e;
            }
        }
    }

    private static boolean same(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return one.normalize().equals(other.normalize());
        }
    }

    private static void requireUser(String user) {
        if (!user.isEmpty() && !Command.of("id", "-u", user).run().succeeded()) {
            throw new Failure("wrong-user", "There is no user '%s' on this host.".formatted(user), NOTHING,
                            "Name who owns the data directory in the plan (server: {user: NAME}).")
                    .lasting();
        }
    }

    private void requireSame(ServerPlan place, Manifest base) {
        String system = base.cluster() != null ? base.cluster().systemIdentifier() : "";
        PgControlData.systemIdentifier(place.data()).filter(there -> !system.isEmpty() && !there.equals(system)).ifPresent(there -> {
            throw new Failure("other-server",
                            "%s holds the server with system identifier %s; backup %s is of %s.".formatted(
                                    place.data(), there, base.id(), system),
                            "It would replace another server; nothing was changed.",
                            "Mend data: in the plan, or move that directory away yourself when it is to be replaced.")
                    .lasting();
        });
        try {
            int there = Integer.parseInt(Files.readString(place.data().resolve("PG_VERSION")).strip());
            if (there != LocalPostgres.majorVersion()) {
                throw new Failure("other-version",
                                "%s is of PostgreSQL %d; backup %s and the programs here are of %d.".formatted(
                                        place.data(), there, base.id(), LocalPostgres.majorVersion()),
                                "It was upgraded since; nothing was changed.",
                                "Take a base backup of the upgraded server, or name its programs with FIREDRILL_PG_BIN.")
                        .lasting();
            }
        } catch (IOException | NumberFormatException e) {
            // It is part of what is damaged.
        }
    }
}
