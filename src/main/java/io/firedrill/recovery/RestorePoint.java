package io.firedrill.recovery;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Lsn;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The newest state that somebody wants back.
 *
 * @param until {@link Instant#MAX} for {@code latest}, and for a position, which has no moment
 * @param position in the WAL of the service's server; null: none was named
 * @param backup whose moment was named; null: none
 */
public record RestorePoint(Instant until, @Nullable Lsn position, @Nullable String backup) {
    private static final String LATEST = "latest";
    private static final Pattern POSITION = Pattern.compile("[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}");

    /**
     * @param wanted {@code latest}, an ISO-8601 instant, an LSN, or the id of one of {@code backups}, which means the moment
     *     of that backup for every source
     * @throws FailureException lasting: {@code unknown-restore-point} for anything else; {@code restore-point-ahead} for a
     *     moment that has not come; {@code restore-point-too-early} for what is before the first backup
     */
    public static RestorePoint of(String wanted, List<CatalogEntry> backups, Instant now) {
        if (wanted.equals(LATEST)) {
            return new RestorePoint(Instant.MAX, null, null);
        }
        Optional<Manifest> named = backups.stream()
                .map(CatalogEntry::manifest)
                .filter(manifest -> manifest.id().value().equals(wanted))
                .findFirst();
        if (named.isPresent()) {
            return new RestorePoint(named.get().snapshotAt(), null, wanted);
        }
        return POSITION.matcher(wanted).matches() ? position(Lsn.parse(wanted), backups) : moment(wanted, backups, now);
    }

    /** Whether a moment or a position was named, neither a backup nor simply the latest. */
    boolean named() {
        return position != null || backup == null && !until.equals(Instant.MAX);
    }

    private static RestorePoint position(Lsn lsn, List<CatalogEntry> backups) {
        Lsn first = backups.stream()
                .map(CatalogEntry::manifest)
                .flatMap(manifest -> end(manifest).stream())
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> failure("unknown-restore-point",
                        "%s is a WAL position, and there is no physical backup to start from.".formatted(lsn),
                        "Name a moment or a backup; see: firedrill backups"));
        if (lsn.compareTo(first) < 0) {
            throw failure("restore-point-too-early", "%s is before the first base backup, which ends at %s.".formatted(lsn, first),
                    "Name a later position, or a backup; see: firedrill backups");
        }
        return new RestorePoint(Instant.MAX, lsn, null);
    }

    /** Where a physical backup ends, from where on WAL positions can be reached. */
    private static Optional<Lsn> end(Manifest manifest) {
        return Stream.of(
                        Optional.ofNullable(manifest.cluster()).map(Manifest.ClusterFacts::stopLsn),
                        Optional.ofNullable(manifest.repository()).map(Manifest.RepositoryFacts::stopLsn))
                .flatMap(Optional::stream)
                .map(Lsn::parse)
                .findFirst();
    }

    private static RestorePoint moment(String wanted, List<CatalogEntry> backups, Instant now) {
        Instant at = parsed(wanted);
        if (at.isAfter(now)) {
            throw failure("restore-point-ahead", "%s has not come yet; it is %s.".formatted(at, now),
                    "Name a moment that has passed, with its time zone, or 'latest'.");
        }
        Optional<Instant> first = backups.stream().map(entry -> entry.manifest().snapshotAt()).min(Comparator.naturalOrder());
        if (first.isPresent() && at.isBefore(first.get())) {
            throw failure("restore-point-too-early", "%s is before the first backup, of %s.".formatted(at, first.get()),
                    "Name a moment from then on, or a backup; see: firedrill backups");
        }
        return new RestorePoint(at, null, null);
    }

    private static Instant parsed(String wanted) {
        try {
            return OffsetDateTime.parse(wanted).toInstant();
        } catch (DateTimeParseException e) {
            throw failure("unknown-restore-point",
                    "'%s' is neither 'latest', nor a moment, nor a WAL position, nor a backup's id.".formatted(wanted),
                    "Write for instance 2026-11-23T08:45:12Z, 0/1934AD0, or an id from: firedrill backups");
        }
    }

    private static FailureException failure(String code, String what, String next) {
        return new Failure(code, what, "Nothing was changed.", next).lasting();
    }
}
