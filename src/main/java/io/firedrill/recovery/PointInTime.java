package io.firedrill.recovery;

import io.firedrill.proof.DatabaseContents.TableContent;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.RecoveryTarget;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a base backup is brought forward by WAL.
 *
 * @param stop {@code latest}: all WAL there is; {@code before}: just before the record at {@code lsn}; {@code through}: with it; {@code time}: with what was
 *     committed at {@code at}
 * @param lsn null for {@code time} and {@code latest}
 * @param at the moment that is; for {@code before} the commit that is kept out, for {@code through} the newest commit known
 *     to be before
 * @param timeline of the WAL
 * @param why which transaction did the damage, or who named the moment
 * @param expects what the damage took and must be back
 */
public record PointInTime(
        String stop, @Nullable String lsn, Instant at, int timeline, String why, List<Expected> expects) {
    static final String BEFORE = "before";
    static final String THROUGH = "through";
    static final String TIME = "time";
    static final String LATEST = "latest";

    /** @param moreThanRows -1: the table must be there, with however many */
    public record Expected(String table, long moreThanRows) {}

    public PointInTime {
        expects = Objects.requireNonNullElse(expects, List.of());
    }

    RecoveryTarget target() {
        return switch (stop) {
            case BEFORE -> new RecoveryTarget.Before(position());
            case THROUGH -> new RecoveryTarget.Through(position());
            case TIME -> new RecoveryTarget.Time(at);
            case LATEST -> new RecoveryTarget.Latest();
            default -> throw new IllegalStateException("no such stop: " + stop);
        };
    }

    Lsn position() {
        return Lsn.parse(Objects.requireNonNull(lsn, "a stop at a position has one"));
    }

    /** E.g. {@code just before 0/1934AD0 (2026-11-23T08:45:12Z)}. */
    String words() {
        return switch (stop) {
            case BEFORE -> "just before %s (%s)".formatted(lsn, at);
            case THROUGH -> "up to %s (%s)".formatted(lsn, at);
            case LATEST -> "to the end of its WAL";
            default -> "up to " + at;
        };
    }

    /** What of that which the damage took is missing in these tables as well; empty when all is back. */
    Optional<String> stillMissing(List<TableContent> tables) {
        for (Expected expected : expects) {
            long rows = tables.stream()
                    .filter(table -> (table.schema() + "." + table.table()).equals(expected.table()))
                    .mapToLong(TableContent::rows)
                    .findFirst()
                    .orElse(-1);
            if (rows < 0 || rows <= expected.moreThanRows()) {
                return Optional.of("%s, %s, %s".formatted(expected.table(), words(),
                        rows < 0 ? "is missing as well." : "has %,d rows as well.".formatted(rows)));
            }
        }
        return Optional.empty();
    }
}
