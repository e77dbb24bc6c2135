package io.firedrill.recovery;

import io.firedrill.backup.SnapshotSession;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.Inventory;
import io.firedrill.proof.Measure;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.store.Manifest;
import io.firedrill.store.ManifestJson;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.PgDump;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where one database's scratch server lies on this host, and beside it what was measured there: a manifest and an
 * inventory as a dump would have them. The restore writes it, the proof reads it, cutting over or discarding removes it.
 */
final class ScratchFolder {
    private final Path home;
    private final String name;

    ScratchFolder(Path home, DatabaseTarget target) {
        this.home = home;
        this.name = Names.scratch(target.database(), target.beside());
    }

    /** What this host is asked before anybody is asked to approve. */
    static Preflight preflight(Path home, String database, MomentChoice.Found found) {
        Path there = existing(home);
        @Nullable String disk = null;
        try {
            disk = Files.getFileStore(there).toString();
        } catch (IOException e) {
            // Then it is not added up with what else lands on that disk.
        }
        return new Preflight(
                database, "%s (scratch server)".formatted(home), 0, found.scratchBytes(), there.toFile().getUsableSpace(), disk,
                List.of("PostgreSQL %d here, the base backup is of %d".formatted(LocalPostgres.majorVersion(), found.base().majorVersion())));
    }

    /** Usable bytes on the disk that it will lie on. */
    static long free(Path home) {
        return existing(home).toFile().getUsableSpace();
    }

    private static Path existing(Path home) {
        Path there = home.toAbsolutePath();
        while (!Files.exists(there)) {
            there = Objects.requireNonNull(there.getParent(), "the root is there");
        }
        return there;
    }

    Path server() {
        return home.resolve(name);
    }

    private Path manifest() {
        return home.resolve(name + ".manifest.json");
    }

    private Path inventoryFile() {
        return home.resolve(name + ".inventory.txt");
    }

    /** The manifest last: with it there, both are whole. */
    void note(Manifest base, SnapshotSession session, Measure.Measured measured) {
        Manifest noted = new Manifest(
                1, base.id(), base.service(), BackupKind.LOGICAL, base.source(), base.startedAt(), session.at(), session.at(),
                session.facts(), measured.contents(), null, List.of(), List.of(), Map.of("pg_dump", PgDump.version()), List.of());
        try {
            try (OutputStream out = Files.newOutputStream(inventoryFile())) {
                measured.inventory().writeTo(out);
            }
            Files.write(manifest(), ManifestJson.write(noted));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    DatabaseContents contents() {
        try {
            return Objects.requireNonNull(ManifestJson.read(Files.readAllBytes(manifest())).contents());
        } catch (IOException e) {
            throw gone(e);
        }
    }

    Inventory inventory() {
        try (InputStream in = Files.newInputStream(inventoryFile())) {
            return Inventory.read(in);
        } catch (IOException e) {
            throw gone(e);
        }
    }

    /** Of an earlier attempt. */
    void forget() {
        try {
            Files.createDirectories(home);
            Files.deleteIfExists(manifest());
            Files.deleteIfExists(inventoryFile());
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    void remove() {
        if (Files.exists(home)) {
            ScratchServer.remove(server());
            forget();
        }
    }

    private FailureException unusable(IOException e) {
        return new Failure("scratch-unusable", "The folder %s cannot be used: %s.".formatted(home, e),
                        "The damaged original is as it was.", "Let the user that runs Firedrill write there, then try again.")
                .lasting(e);
    }

    private FailureException gone(IOException e) {
        return new Failure("measurement-missing", "What the scratch server held is not noted in %s: %s.".formatted(home, e),
                        "The restored copy cannot be proven; the damaged original is as it was.",
                        "Restore it again, and let the restore and its proof run on one host.")
                .lasting(e);
    }
}
