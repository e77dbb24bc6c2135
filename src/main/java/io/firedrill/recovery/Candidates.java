package io.firedrill.recovery;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.Failure;
import io.firedrill.plan.BackupKind;
import io.firedrill.recovery.RestorePlan.Candidate;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges every backup of one source, newest first: the first without a fault is chosen. */
final class Candidates {
    static final String CHOSEN = "chosen";
    static final String LOSES_MORE = "loses-more";

    private final SelectRequest request;
    private final List<CatalogEntry> all;
    private final Keys keys;
    private final Place place;
    private final RestorePoint point;
    private final List<Candidate> judged = new ArrayList<>();

    /** {@code all}: every backup of the service, newest first. */
    Candidates(SelectRequest request, RestorePoint point, List<CatalogEntry> all, Keys keys, Place place) {
        this.point = point;
        this.request = request;
        this.all = all;
        this.keys = keys;
        this.place = place;
    }

    record Chosen(Manifest manifest, String store) {}

    /** What was looked at so far, over all sources. */
    List<Candidate> judged() {
        return List.copyOf(judged);
    }

    /** Of one that was judged elsewhere, for a source that it may be named otherwise than. */
    void judged(CatalogEntry entry, String source, Instant at, String verdict, String why) {
        judged.add(new Candidate(entry.manifest().id().value(), source, at, verdict, why));
    }

    /** It would do, but another loses less. */
    void passOver(String source, String backup, String why) {
        judged.replaceAll(one -> one.source().equals(source) && one.backup().equals(backup)
                ? new Candidate(backup, source, one.snapshotAt(), LOSES_MORE, why, one.lostSeconds(), one.lostTransactions(),
                        one.estimatedSeconds())
                : one);
    }

    /** What taking it would cost. */
    void costs(String source, String backup, long lostSeconds, @Nullable Long lostTransactions, long estimatedSeconds) {
        judged.replaceAll(one -> one.source().equals(source) && one.backup().equals(backup)
                ? one.costing(lostSeconds, lostTransactions, estimatedSeconds)
                : one);
    }

    /** Lasting failure {@code no-unaffected-backup}. */
    Chosen choose(String source, BackupKind kind, Optional<Evidence.Source> evidence) {
        @Nullable Chosen chosen = null;
        @Nullable Instant lastGood = lastGood(evidence);
        List<String> refused = new ArrayList<>();
        for (CatalogEntry entry : all) {
            if (!entry.manifest().source().equals(source) || entry.manifest().kind() != kind) {
                continue;
            }
            Candidate candidate = chosen != null
                    ? judgement(entry, "older", "a newer backup is taken")
                    : judge(entry, evidence, lastGood);
            if (candidate.verdict().equals(CHOSEN)) {
                chosen = new Chosen(entry.manifest(), place.store(entry).orElseThrow());
            } else if (chosen == null) {
                refused.add("%s: %s".formatted(entry.manifest().id(), candidate.why()));
            }
            judged.add(candidate);
        }
        if (chosen == null) {
            throw none(source, kind, refused);
        }
        return chosen;
    }

    private Candidate judge(CatalogEntry entry, Optional<Evidence.Source> evidence, @Nullable Instant lastGood) {
        Manifest manifest = entry.manifest();
        Instant at = manifest.snapshotAt();
        String id = manifest.id().value();
        if (at.isAfter(point.until())) {
            return judgement(entry, "after-target", "it is from %s, after the wanted %s".formatted(at, point.until()));
        }
        if (point.position() != null && !before(manifest, point.position())) {
            return judgement(entry, "after-target", "it is not known to be from before %s".formatted(point.position()));
        }
        if (request.damageBegan() != null && !at.isBefore(request.damageBegan())) {
            return judgement(entry, "shows-damage", "it is from %s, when the damage had begun (%s)".formatted(at, request.damageBegan()));
        }
        if (evidence.isPresent() && evidence.get().damaged() && (lastGood == null || at.isAfter(lastGood))) {
            return judgement(entry, "shows-damage", "it shows the damage itself, or was taken after it was seen");
        }
        if (request.failedBackups().contains(id) && !anotherCopyIsGood(entry)) {
            return judgement(entry, "failed-before", "it failed in this incident already");
        }
        if (place.store(entry).isEmpty()) {
            return unusable(entry);
        }
        if (!keys.encrypting() && !manifest.recipients().isEmpty()) {
            return judgement(entry, "no-key", "it is encrypted and the plan names no key file");
        }
        if (!opens(manifest)) {
            return judgement(entry, "no-key", "it is encrypted for %s, whose key is not among the plan's".formatted(
                    String.join(", ", manifest.recipients())));
        }
        return judgement(entry, CHOSEN, "the newest that is verified and does not show the damage");
    }

    /** By a key at hand, or by one that lies wrapped in the backup and the key service may unwrap. */
    private boolean opens(Manifest manifest) {
        boolean wrapped = !keys.wrapping().isEmpty()
                && manifest.parts().stream().anyMatch(part -> part.role().equals("key"));
        return wrapped || keys.opens(manifest.recipients());
    }

    /** It failed because one copy was bad, which is known by now, and there is one more. */
    private boolean anotherCopyIsGood(CatalogEntry entry) {
        return place.store(entry).isPresent()
                && entry.copies().stream().anyMatch(copy -> copy.state() == CatalogEntry.State.QUARANTINED);
    }

    Candidate unusable(CatalogEntry entry) {
        Optional<CatalogEntry.Copy> bad = entry.copies().stream()
                .filter(copy -> copy.state() == CatalogEntry.State.QUARANTINED)
                .findFirst();
        return bad.isPresent()
                ? judgement(entry, "quarantined", "its copy in %s failed a check: %s".formatted(bad.get().store(), bad.get().note()))
                : place.offsite() && entry.state() == CatalogEntry.State.VERIFIED
                        ? judgement(entry, "not-offsite", "it has no checked copy offsite")
                        : judgement(entry, "unchecked", "it was never read back and checked");
    }

    private static Candidate judgement(CatalogEntry entry, String verdict, String why) {
        return new Candidate(entry.manifest().id().value(), entry.manifest().source(), entry.manifest().snapshotAt(), verdict, why);
    }

    private @Nullable Instant lastGood(Optional<Evidence.Source> evidence) {
        return evidence.map(Evidence.Source::lastGood).flatMap(this::snapshotOf).orElse(null);
    }

    private Optional<Instant> snapshotOf(String backup) {
        return all.stream()
                .filter(entry -> entry.manifest().id().value().equals(backup))
                .map(entry -> entry.manifest().snapshotAt())
                .findFirst();
    }

    private static boolean before(Manifest manifest, Lsn position) {
        return manifest.database() != null && Lsn.parse(manifest.database().lsn()).compareTo(position) <= 0;
    }

    private RuntimeException none(String source, BackupKind kind, List<String> refused) {
        return new Failure(
                        "no-unaffected-backup",
                        "No %s backup of %s can be restored.%s".formatted(
                                kind.word(), source, refused.isEmpty() ? " There is none." : " " + String.join("; ", refused) + "."),
                        "Nothing was changed; what the service still has is still there.",
                        "Check backups with 'firedrill backups verify ID', give a moment before the damage, or mend by hand.")
                .lasting();
    }
}
