package io.firedrill.backup;

import io.firedrill.store.DirectoryStore;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.SealedCopy;
import io.firedrill.store.Store;
import io.firedrill.tool.Progress;
import io.firedrill.tool.Tar;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Brings one backup from one store to another; sealed parts go over as they are, a folder of files as one sealed tar. */
final class OffsiteCopy {
    private final Store from;
    private final Store to;
    private final Keys keys;
    private final Clock clock;

    OffsiteCopy(Store from, Store to, Keys keys, Clock clock) {
        this.from = from;
        this.to = to;
        this.keys = keys;
        this.clock = clock;
    }

    /** @return the manifest of the copy, whose parts differ from the original's where a folder became a tar */
    Manifest run(Manifest original, Progress progress) {
        Instant began = clock.instant();
        try (Attempt attempt = new Attempt(to, keys, original.service(), original.id(), began)) {
            for (Manifest.Part part : original.parts()) {
                if (part.role().equals("folder")) {
                    pack(attempt, original, part, progress);
                } else {
                    SealedCopy.copy(from, to, part, n -> progress.at(part.role(), n, part.storedBytes(), "bytes"));
                    attempt.keep(part);
                }
            }
            return attempt.finish(described(original, attempt.parts(), attempt.recipients()));
        }
    }

    private void pack(Attempt attempt, Manifest original, Manifest.Part part, Progress progress) {
        Path folder = ((DirectoryStore) from).folder(part.key());
        long bytes = Objects.requireNonNull(original.files()).bytes();
        attempt.write("tree", ".tar", out -> Tar.create(folder, out, bytes, progress));
    }

    private static Manifest described(Manifest original, List<Manifest.Part> parts, List<String> ownRecipients) {
        List<String> recipe = original.files() == null ? original.howToDecode() : Recipes.files(parts);
        List<String> recipients =
                Stream.concat(original.recipients().stream(), ownRecipients.stream()).distinct().toList();
        return new Manifest(
                original.format(), original.id(), original.service(), original.kind(), original.source(),
                original.startedAt(), original.snapshotAt(), original.finishedAt(), original.database(),
                original.contents(), original.files(), parts, recipients, original.tools(), recipe,
                original.cluster(), null);
    }
}
