package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What only replication connections fail with: told with the line or statement that cures it. */
final class PgReplicationFailures {
    private static final Pattern HBA =
            Pattern.compile("no pg_hba.conf entry for replication connection from host \"([^\"]+)\", user \"([^\"]+)\"");
    private static final Pattern ROLE =
            Pattern.compile("must be (?:superuser or )?(?:a )?replication role|permission denied to start WAL sender");

    private record Known(Pattern said, String code, boolean passing, String meaning, String next) {}

    private static final List<Known> KNOWN = List.of(
            new Known(
                    Pattern.compile("number of requested standby connections exceeds|max_wal_senders"),
                    "no-wal-sender", true,
                    "The server works; it has no connection left for replication.",
                    "Raise max_wal_senders in postgresql.conf and restart the server, or end another replication client."),
            new Known(
                    Pattern.compile("requested WAL segment \\S+ has already been removed|could not find any WAL files"),
                    "wal-removed", true,
                    "WAL that was still needed is gone from the server.",
                    "It is tried again. Raise wal_keep_size if it happens again."),
            new Known(
                    Pattern.compile("WAL level not sufficient|wal_level"),
                    "wal-level", false,
                    "With wal_level = minimal no physical backup can be taken while the server runs.",
                    "Set wal_level = replica in postgresql.conf and restart the server."));

    private PgReplicationFailures() {}

    static Optional<FailureException> of(Database db, String stderr) {
        String said = stderr.strip().replaceAll("\\s+", " ");
        Matcher hba = HBA.matcher(said);
        if (hba.find()) {
            return Optional.of(refused(db, hba.group(1), hba.group(2)));
        }
        if (ROLE.matcher(said).find()) {
            return Optional.of(role(db));
        }
        return KNOWN.stream().filter(known -> known.said().matcher(said).find()).findFirst().map(known -> {
            Failure failure = new Failure(known.code(), "%s: %s".formatted(db.address(), said), known.meaning(), known.next());
            return known.passing() ? failure.passing() : failure.lasting();
        });
    }

    /** The role may not replicate. */
    static FailureException role(Database db) {
        return new Failure(
                        "missing-replication",
                        "User %s may not replicate from %s:%d.".formatted(db.user(), db.host(), db.port()),
                        "Without it there is no physical backup of that server and no WAL is received.",
                        "As a superuser there: ALTER ROLE \"%s\" REPLICATION; and in its pg_hba.conf: %s"
                                .formatted(db.user().replace("\"", "\"\""), line(db, "ADDRESS-OF-THIS-HOST/32")))
                .lasting();
    }

    private static FailureException refused(Database db, String from, String user) {
        return new Failure(
                        "refused-by-pg-hba",
                        "%s:%d lets user %s in, but not for replication.".formatted(db.host(), db.port(), user),
                        "Without it there is no physical backup of that server and no WAL is received.",
                        "Add to its pg_hba.conf, then reload it: " + line(db, from + (from.contains(":") ? "/128" : "/32")))
                .lasting();
    }

    private static String line(Database db, String from) {
        return "host replication %s %s scram-sha-256".formatted(db.user(), from);
    }
}
