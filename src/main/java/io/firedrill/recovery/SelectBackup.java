package io.firedrill.recovery;

import io.firedrill.catalog.Catalog;
import io.firedrill.diagnosis.Evidence;
import io.firedrill.failure.Failure;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.FileSet;
import io.firedrill.plan.Service;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Stores;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what a recovery will do: the newest backup of each source that is sound, unaffected and restorable here. */
final class SelectBackup {
    /** Measured on two cores: restore, indexes, analyze and proof of a database; copying and hashing of files. */
    private static final long DATABASE_BYTES_PER_SECOND = 40_000_000;

    private static final long FILE_BYTES_PER_SECOND = 100_000_000;
    private static final long OVERHEAD_SECONDS = 5;

    private final Service service;
    private final SelectRequest request;
    private final Stores stores;
    private final Keys keys;
    private final Candidates candidates;
    private final Instant now;
    private final List<String> warnings = new ArrayList<>();

    SelectBackup(Service service, SelectRequest request, Stores stores, Keys keys, Catalog catalog, Clock clock) {
        this.service = service;
        this.request = request;
        this.stores = stores;
        this.keys = keys;
        this.candidates = new Candidates(request, catalog.list(service.name()), keys);
        this.now = clock.instant();
    }

    RestorePlan run() {
        if (request.databases().isEmpty() && request.fileSets().isEmpty()) {
            throw new Failure("nothing-to-restore", "No database and no file set was named.", "Nothing was changed.",
                            "Name at least one of the service's databases or file sets.")
                    .lasting();
        }
        List<DatabaseTarget> databases = request.databases().stream().map(this::database).toList();
        List<FilesTarget> fileSets = request.fileSets().stream().map(this::files).toList();
        Instant oldest = Stream.concat(databases.stream().map(DatabaseTarget::snapshotAt), fileSets.stream().map(FilesTarget::snapshotAt))
                .min(Instant::compareTo)
                .orElseThrow();
        return new RestorePlan(now, databases, fileSets, Math.max(0, Duration.between(oldest, now).toSeconds()),
                estimate(databases, fileSets), candidates.judged(), List.copyOf(warnings));
    }

    private DatabaseTarget database(String name) {
        Database db = service.database(name);
        var chosen = candidates.choose(name, BackupKind.LOGICAL, evidence(request.evidence().databases(), name));
        // Reading the inventory also shows that the key opens this backup.
        Shelf shelf = Shelf.open(stores, keys, chosen.store(), chosen.manifest().id().value());
        Manifest manifest = shelf.manifest();
        var facts = Objects.requireNonNull(manifest.database(), "a logical backup has facts of its database");
        var contents = Objects.requireNonNull(manifest.contents(), "a logical backup has contents");
        warnings.addAll(new DatabasePreflight(db, facts, shelf.inventory()).run());
        return new DatabaseTarget(name, db.dbname(), manifest.id().value(), chosen.store(), manifest.snapshotAt(),
                contents.tables().size(), contents.rows(), shelf.need("dump").plainBytes(),
                Names.beside(db.dbname(), request.incident()), Names.setAside(db.dbname(), request.incident()));
    }

    private FilesTarget files(String name) {
        FileSet files = service.fileSet(name);
        var chosen = candidates.choose(name, BackupKind.FILES, evidence(request.evidence().fileSets(), name));
        Path path = files.path();
        FileTreeContents contents = Objects.requireNonNull(chosen.manifest().files(), "a files backup has contents");
        new FilesPreflight(path, contents).run();
        return new FilesTarget(name, path.toString(), chosen.manifest().id().value(), chosen.store(),
                chosen.manifest().snapshotAt(), contents.files(), contents.bytes(),
                Names.besidePath(path, request.incident()).toString(), Names.setAsidePath(path, request.incident()).toString());
    }

    private static Optional<Evidence.Source> evidence(List<Evidence.Source> sources, String name) {
        return sources.stream().filter(source -> source.name().equals(name)).findFirst();
    }

    /** Everything is restored side by side, so the largest part counts. */
    private static long estimate(List<DatabaseTarget> databases, List<FilesTarget> fileSets) {
        long ofDatabases = databases.stream().mapToLong(DatabaseTarget::bytes).sum() / DATABASE_BYTES_PER_SECOND;
        long ofFiles = fileSets.stream().mapToLong(FilesTarget::bytes).sum() / FILE_BYTES_PER_SECOND;
        return OVERHEAD_SECONDS + Math.max(ofDatabases, ofFiles);
    }
}
