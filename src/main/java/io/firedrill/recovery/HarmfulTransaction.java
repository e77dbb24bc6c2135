package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence.Trace;
import io.firedrill.diagnosis.rewind.RelationFile;
import io.firedrill.diagnosis.rewind.Rewind;
import io.firedrill.diagnosis.rewind.RewindFinder;
import io.firedrill.diagnosis.rewind.Suspect;
import io.firedrill.diagnosis.rewind.Symptom;
import io.firedrill.failure.Failure;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.PgWaldump;
import io.firedrill.tool.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks through archived WAL for what took a database's rows or tables. */
final class HarmfulTransaction {
    /** Folders that a killed process left are removed when they are this old: by then nobody reads them. */
    private static final Duration STALE = Duration.ofDays(1);

    static final String FOLDER = "rewind-";

    /** Of the missing rows, what the transactions found must account for; a diagnosis counts only about. */
    private static final double EXPLAINED = 0.95;

    private HarmfulTransaction() {}

    /**
     * @param first of those that did the damage: recovery stops just before its commit
     * @param deed all of them in words
     */
    record Found(Suspect first, String deed) {}

    /** A stretch of archived WAL. */
    interface Stretch {
        int timeline();

        /** About; so much must be free. */
        long bytes();

        /** Lays its segments into the folder; empty when there are none. */
        Optional<Read> into(Path folder) throws IOException;

        /** From where to where. */
        record Read(Lsn from, Lsn to) {}
    }

    /**
     * Fetches the segments into a folder of its own below {@code home}, which is removed again.
     *
     * @return empty when this stretch of WAL does not account for all of the damage
     */
    static Optional<Found> in(Stretch wal, List<Trace> traces, Path home) {
        try {
            Files.createDirectories(home);
            removeStale(home);
            requireRoom(home, wal.bytes());
            Path folder = Files.createTempDirectory(home, FOLDER);
            try {
                Optional<Stretch.Read> read = wal.into(folder);
                return read.isEmpty() ? Optional.empty() : explained(
                        new RewindFinder(new PgWaldump.Range(folder, wal.timeline(), read.get().from(), read.get().to())), traces);
            } finally {
                remove(folder);
            }
        } catch (IOException e) {
            throw new Failure("scratch-unusable", "WAL cannot be looked through in %s: %s.".formatted(home, e), "Nothing was changed.",
                            "Let the user that runs Firedrill write there, then try again.")
                    .lasting(e);
        }
    }

    private static Optional<Found> explained(RewindFinder finder, List<Trace> traces) {
        List<Suspect> all = new ArrayList<>();
        List<String> deeds = new ArrayList<>();
        boolean droppings = false;
        for (Trace trace : traces) {
            if (trace.file() == null) {
                if (droppings) {
                    continue;
                }
                droppings = true;
            }
            Optional<Symptom> symptom = symptom(trace);
            if (symptom.isEmpty()) {
                return Optional.empty();
            }
            Rewind rewind = finder.find(symptom.get());
            if (rewind.suspects().isEmpty() || !accountsFor(rewind.suspects(), trace)) {
                return Optional.empty();
            }
            all.addAll(rewind.suspects());
            deeds.add(deed(rewind.suspects(), trace));
        }
        return all.stream()
                .min(Comparator.comparing(suspect -> suspect.transaction().commit()))
                .map(first -> new Found(first, String.join("; ", deeds)));
    }

    private static Optional<Symptom> symptom(Trace trace) {
        if (trace.file() == null) {
            return Optional.of(new Symptom.TableGone(trace.databaseOid(), Optional.empty()));
        }
        return RelationFile.ofPath(trace.file())
                .map(file -> trace.changedRows() > 0
                        ? new Symptom.RowsChanged(trace.databaseOid(), file, trace.changedRows())
                        : new Symptom.RowsGone(trace.databaseOid(), file, trace.missingRows()));
    }

    private static boolean accountsFor(List<Suspect> suspects, Trace trace) {
        boolean emptied = suspects.stream().anyMatch(suspect -> suspect.rows().isEmpty());
        long rows = suspects.stream().mapToLong(suspect -> suspect.rows().orElse(0)).sum();
        return emptied || rows >= Math.max(trace.missingRows(), trace.changedRows()) * EXPLAINED;
    }

    /** E.g. {@code transaction 734 deleted 4,900 rows of public.orders at …}. */
    private static String deed(List<Suspect> suspects, Trace trace) {
        Suspect first = suspects.getFirst();
        long rows = suspects.stream().mapToLong(suspect -> suspect.rows().orElse(0)).sum();
        String what = switch (first.deed()) {
            case DELETE -> "deleted %,d rows of %s".formatted(rows, trace.table());
            case UPDATE -> "changed %,d rows of %s".formatted(rows, trace.table());
            case TRUNCATE -> "truncated " + trace.table();
            case DROP_TABLE -> suspects.size() == 1 ? "dropped a table" : "dropped tables";
            case DROP_DATABASE -> "dropped the database";
        };
        String who = suspects.size() == 1
                ? "transaction " + first.transaction().xid()
                : "%d transactions, the first of them %d,".formatted(suspects.size(), first.transaction().xid());
        return "%s %s at %s".formatted(who, what, first.transaction().at());
    }

    private static void requireRoom(Path home, long bytes) {
        long free = home.toFile().getUsableSpace();
        if (free < bytes) {
            throw new Failure("scratch-disk-full",
                            "%s has %s free; looking through the WAL since all was well needs %s.".formatted(
                                    home, Words.bytes(free), Words.bytes(bytes)),
                            "Nothing was changed.", "Free space there, or name the moment with --to.")
                    .lasting();
        }
    }

    private static void removeStale(Path home) throws IOException {
        try (var folders = Files.list(home)) {
            for (Path folder : folders.filter(path -> path.getFileName().toString().startsWith(FOLDER)).toList()) {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(Instant.now().minus(STALE))) {
                    remove(folder);
                }
            }
        }
    }

    static void remove(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
