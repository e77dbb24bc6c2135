package io.firedrill.recovery;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.Failure;
import io.firedrill.plan.BackupKind;
import io.firedrill.recovery.RestorePlan.Candidate;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Judges every backup of one source, newest first: the first without a fault is chosen. */
final class Candidates {
    private final SelectRequest request;
    private final List<CatalogEntry> all;
    private final Keys keys;
    private final List<Candidate> judged = new ArrayList<>();

    /** {@code all}: every backup of the service, newest first. */
    Candidates(SelectRequest request, List<CatalogEntry> all, Keys keys) {
        this.request = request;
        this.all = all;
        this.keys = keys;
    }

    record Chosen(Manifest manifest, String store) {}

    /** What was looked at so far, over all sources. */
    List<Candidate> judged() {
        return List.copyOf(judged);
    }

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
            if (candidate.verdict().equals("chosen")) {
                chosen = new Chosen(entry.manifest(), store(entry).orElseThrow());
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
        if (at.isAfter(target())) {
            return judgement(entry, "after-target", "it is from %s, after the wanted %s".formatted(at, target()));
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
        if (store(entry).isEmpty()) {
            return unusable(entry);
        }
        if (!manifest.recipients().isEmpty() && !keys.encrypting()) {
            return judgement(entry, "no-key", "it is encrypted and the plan names no key file");
        }
        return judgement(entry, "chosen", "the newest that is verified and does not show the damage");
    }

    /** It failed because one copy was bad, which is known by now, and there is one more. */
    private static boolean anotherCopyIsGood(CatalogEntry entry) {
        return store(entry).isPresent()
                && entry.copies().stream().anyMatch(copy -> copy.state() == CatalogEntry.State.QUARANTINED);
    }

    /** The primary's copy comes first. */
    private static Optional<String> store(CatalogEntry entry) {
        return entry.copies().stream()
                .filter(copy -> copy.state() == CatalogEntry.State.VERIFIED)
                .map(CatalogEntry.Copy::store)
                .findFirst();
    }

    private static Candidate unusable(CatalogEntry entry) {
        Optional<CatalogEntry.Copy> bad = entry.copies().stream()
                .filter(copy -> copy.state() == CatalogEntry.State.QUARANTINED)
                .findFirst();
        return bad.isPresent()
                ? judgement(entry, "quarantined", "its copy in %s failed a check: %s".formatted(bad.get().store(), bad.get().note()))
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

    /** The newest moment wanted. A backup's id means the moment of that backup, for every source. */
    private Instant target() {
        String to = request.restoreTo();
        if (to.equals("latest")) {
            return Instant.MAX;
        }
        return snapshotOf(to).orElseGet(() -> parsed(to));
    }

    private static Instant parsed(String to) {
        try {
            return Instant.parse(to);
        } catch (DateTimeParseException e) {
            throw new Failure(
                            "unknown-restore-point",
                            "'%s' is neither 'latest', nor a moment, nor a backup's id.".formatted(to),
                            "Nothing was changed.",
                            "Write for instance 2026-11-23T08:45:12Z, or an id from: firedrill backups")
                    .lasting(e);
        }
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
