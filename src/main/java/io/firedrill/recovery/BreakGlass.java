package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.proof.Proof;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Store;
import io.firedrill.store.StoredBackup;
import io.firedrill.tool.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Restores one backup with nothing but a store and the key: no server, engine, state database or plan. It goes the way
 * every recovery goes: beside the target, proven against the manifest, and only then put in its place.
 */
public final class BreakGlass {
    private final Store store;
    private final Keys keys;

    public BreakGlass(Store store, Keys keys) {
        this.store = store;
        this.keys = keys;
    }

    /** What will be done, asked of the target itself; nothing has moved. {@code bytes} is what the target takes up. */
    public record Planned(
            Manifest backup, String target, String restoresInto, long bytes, List<String> warnings, EmptyTarget into) {}

    /**
     * @param inPlace whether the target bears what was restored; false when it was not proven
     * @param left the name of what is left beside the target: the unproven copy, or the empty database it replaced
     */
    public record Result(Proof proof, double seconds, boolean inPlace, @Nullable String left) {}

    /**
     * Lasting failures {@code no-key} and {@code wrong-key}, {@code target-not-empty}, and those of a recovery's
     * preflight: {@code older-server}, {@code missing-extensions}, {@code missing-tablespace}, {@code target-disk-full} …
     */
    public Planned plan(StoredBackup chosen, EmptyTarget target) {
        Manifest manifest = chosen.manifest();
        requireKey(manifest);
        Shelf shelf = Shelf.of(store, keys, manifest);
        List<String> warnings = new java.util.ArrayList<>(target.check(shelf));
        chosen.verdict().filter(verdict -> !verdict.good()).ifPresent(verdict ->
                warnings.add(0, "This copy failed a check at %s: %s".formatted(verdict.at(), verdict.note())));
        if (chosen.verdict().isEmpty()) {
            warnings.add("This copy was never read back and checked; the proof at the end will tell.");
        }
        return new Planned(manifest, target.address(), target.beside(manifest), target.bytes(manifest), warnings, target);
    }

    /** An unfinished restore of the same backup into the same target is removed first. */
    public Result restore(Planned planned, Progress progress) {
        long began = System.nanoTime();
        Shelf shelf = Shelf.of(store, keys, planned.backup());
        planned.into().restore(shelf, progress);
        Proof proof = planned.into().prove(shelf, progress);
        @Nullable String left = proof.proven() ? planned.into().putInPlace(shelf) : planned.restoresInto();
        return new Result(proof, (System.nanoTime() - began) / 1e9, proof.proven(), left);
    }

    /** The kind of backup that such a target takes. */
    public static BackupKind kindFor(EmptyTarget target) {
        return switch (target) {
            case EmptyTarget.NewDatabase database -> BackupKind.LOGICAL;
            case EmptyTarget.NewFolder folder -> BackupKind.FILES;
        };
    }

    /** The moment the restored copy will be from. */
    public static Instant restorePoint(Planned planned) {
        return planned.backup().snapshotAt();
    }

    private void requireKey(Manifest manifest) {
        if (keys.opens(manifest.recipients())) {
            return;
        }
        String sealedFor = String.join(", ", manifest.recipients());
        throw keys.encrypting()
                ? failure("wrong-key", "The key file opens %s; backup %s is sealed for %s.".formatted(
                        String.join(", ", keys.allRecipients()), manifest.id(), sealedFor), "Name the key file that has the other half of that key.")
                : failure("no-key", "Backup %s is encrypted, for %s.".formatted(manifest.id(), sealedFor),
                        "Name the key file: --key FILE" + wrappedKeyAdvice(manifest));
    }

    /** A key management service can open it too; what it answers is a key file. */
    private static String wrappedKeyAdvice(Manifest manifest) {
        return manifest.parts().stream().anyMatch(part -> part.role().equals("key"))
                ? ". Its own key lies beside it, wrapped: unwrap it as the manifest's howToDecode says, into a file, and name that."
                : "";
    }

    private static FailureException failure(String code, String what, String next) {
        return new Failure(code, what, "Without that key nobody can read it; nothing was changed.", next).lasting();
    }
}
