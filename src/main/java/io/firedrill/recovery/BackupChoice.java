package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import io.firedrill.store.StoredBackup;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of a store's backups is meant, by what a person typed.
 *
 * @param backup an id or {@code latest}
 * @param until only backups from this moment or before
 * @param service and {@code source} and {@code kind}: only these; null for all
 */
public record BackupChoice(
        @Nullable String backup,
        @Nullable Instant until,
        @Nullable String service,
        @Nullable String source,
        @Nullable BackupKind kind) {

    public static final String LATEST = "latest";

    /** Every one that fits but for its id, newest first. Lasting failure {@code unknown-backup} when there is none. */
    public List<StoredBackup> among(Store store) {
        List<StoredBackup> all = Manifests.scan(store, null);
        if (all.isEmpty()) {
            throw new Failure(
                            "unknown-store",
                            "There is no backup in %s.".formatted(store.address()),
                            "Nothing was changed.",
                            "Name the folder or the bucket and prefix that the plan's stores have.")
                    .lasting();
        }
        List<StoredBackup> fitting = all.stream().filter(one -> fits(one.manifest())).toList();
        if (fitting.isEmpty()) {
            throw unknown("No backup in %s fits.".formatted(store.address()), "What there is: " + sources(all) + ".");
        }
        return fitting;
    }

    /** Lasting failures {@code unknown-backup} naming the nearest, {@code bad-choice} when several sources are left. */
    public StoredBackup from(Store store) {
        List<StoredBackup> fitting = among(store);
        if (backup != null && !backup.equals(LATEST)) {
            return fitting.stream()
                    .filter(one -> one.manifest().id().value().equals(backup))
                    .findFirst()
                    .orElseThrow(() -> unknown(
                            "There is no backup '%s' in %s.".formatted(backup, store.address()), "Did you mean " + nearest(fitting) + "?"));
        }
        if (fitting.stream().map(one -> source(one.manifest())).distinct().count() > 1) {
            throw new Failure("bad-choice", "Several sources have backups that fit: %s.".formatted(sources(fitting)),
                            "Nothing was changed.", "Name one with --service, --source or --kind, or a backup by its id.")
                    .lasting();
        }
        // A copy known to be bad is taken only by its id.
        return fitting.stream()
                .filter(one -> one.verdict().map(verdict -> verdict.good()).orElse(true))
                .findFirst()
                .orElseThrow(() -> unknown("Every backup that fits failed a check.", "Choose one by its id: " + nearest(fitting)));
    }

    private boolean fits(Manifest manifest) {
        return (service == null || service.equals(manifest.service()))
                && (source == null || source.equals(manifest.source()))
                && (kind == null || kind == manifest.kind())
                && (until == null || !manifest.snapshotAt().isAfter(until));
    }

    private static String source(Manifest manifest) {
        return "%s %s (%s)".formatted(manifest.service(), manifest.source(), manifest.kind().word());
    }

    /** Each source with the moment of its oldest backup. */
    private static String sources(List<StoredBackup> newestFirst) {
        Map<String, Instant> oldest = new TreeMap<>();
        newestFirst.forEach(one -> oldest.put(source(one.manifest()), one.manifest().snapshotAt()));
        return oldest.entrySet().stream()
                .map(entry -> entry.getKey() + " since " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private String nearest(List<StoredBackup> backups) {
        return backups.stream()
                .map(one -> one.manifest().id().value())
                .min(Comparator.comparingInt(id -> distance(id, backup == null ? "" : backup)))
                .orElseThrow();
    }

    /** How many letters to add, drop or change (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }

    private static FailureException unknown(String what, String next) {
        return new Failure("unknown-backup", what, "Nothing was changed.", next).lasting();
    }
}
