package io.firedrill.diagnosis;

import io.firedrill.diagnosis.server.Sign;
import io.firedrill.failure.Failure;
import java.util.Optional;

/** What it says of a server that it did not let us in, or not let us look. */
record Refusal(Failure failure) {
    /** As in {@link Evidence.Facts}. */
    String server() {
        return switch (failure.code()) {
            case "server-unreachable", "session-ended" -> "down";
            case "server-starting" -> "starting";
            case "too-many-connections" -> "rejecting";
            case "wrong-password", "refused-by-pg-hba", "database-missing", "database-fenced", "password-file", "missing-privilege" ->
                "refused";
            case "damaged-data", "target-disk-full" -> "up";
            default -> "unknown";
        };
    }

    Optional<Sign> sign() {
        return switch (failure.code()) {
            case "wrong-password", "password-file" -> Optional.of(Sign.WRONG_PASSWORD);
            case "refused-by-pg-hba" -> Optional.of(Sign.NO_ACCESS_RULE);
            case "database-missing" -> Optional.of(Sign.MISSING_DATABASE);
            case "too-many-connections" -> Optional.of(Sign.TOO_MANY_CONNECTIONS);
            case "server-starting" -> Optional.of(Sign.CRASH_RECOVERY);
            case "target-disk-full" -> Optional.of(Sign.DISK_FULL);
            case "damaged-data" -> Optional.of(Sign.DAMAGED_PAGE);
            default -> Optional.empty();
        };
    }

    /** A whole sentence. */
    String next(Sign sign) {
        return switch (sign) {
            case TOO_MANY_CONNECTIONS -> "End idle sessions, or raise max_connections; the server works and has lost nothing.";
            case CRASH_RECOVERY -> "Wait until it takes sessions again: it replays its WAL by itself. Restore nothing over it.";
            default -> failure.next().replaceAll("[^.]$", "$0.");
        };
    }
}
