package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.ServerPlan;
import io.firedrill.recovery.RestorePlan.ServerTarget;
import io.firedrill.tool.PgCtl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a server's data directory lies, and beside it what a recovery makes: the restored one, what it needs while it
 * replays, and a note of how far that is, which stays under the same name whatever is renamed.
 */
final class ServerFolders {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ServerTarget target;
    private final ServerPlan place;

    ServerFolders(ServerTarget target, ServerPlan place) {
        this.target = target;
        this.place = place;
        Names.requireBeside(target.beside());
    }

    /** Lasting failure {@code server-not-in-plan}, or {@code server-moved} when the plan says otherwise than when it was planned. */
    static ServerFolders of(ServerTarget target, Database db) {
        ServerPlan place = db.place().orElseThrow(() -> notInPlan(db));
        if (!place.data().toString().equals(target.data())) {
            throw new Failure("server-moved", "The plan now says that the data of %s lies in %s, not in %s.".formatted(
                                    db.name(), place.data(), target.data()),
                            "Nothing was changed.", "Start the recovery again.")
                    .lasting();
        }
        return new ServerFolders(target, place);
    }

    static FailureException notInPlan(Database db) {
        return new Failure("server-not-in-plan", "The plan does not say where the server of %s lives.".formatted(db.name()),
                        "A server is restored beside its data directory; nothing was changed.",
                        "Add server: {data: DIRECTORY} to the database %s of the plan, or restore its databases only.".formatted(db.name()))
                .lasting();
    }

    /**
     * @param restored the backup and the name it was restored under
     * @param lsn and {@code newest}: what was replayed to; newest commit, or null
     * @param complete whether that is all that the damaged server wrote
     * @param proven whether it was looked through and found whole
     * @param ran whether the damaged server ran at the cut-over; null before
     */
    record Note(
            String restored, String lsn, @Nullable Instant newest, boolean complete, boolean proven, double seconds, @Nullable Boolean ran) {
        Note proven(boolean found) {
            return new Note(restored, lsn, newest, complete, found, seconds, ran);
        }

        Note ran(boolean did) {
            return new Note(restored, lsn, newest, complete, proven, seconds, did);
        }
    }

    String mark() {
        return target.backup() + " as " + target.beside();
    }

    Path data() {
        return place.data();
    }

    Path beside() {
        return Path.of(target.beside());
    }

    Path setAside() {
        return Path.of(target.setAside());
    }

    Path undone() {
        return Path.of(target.beside().replace(Names.RESTORING, Names.UNDONE));
    }

    Path wal() {
        return sibling(".wal");
    }

    /** Of the restored server, until it is cut over to. */
    Path laidTablespaces() {
        return sibling(".tablespaces");
    }

    /** Where they lie from the cut-over on. */
    Path tablespaces() {
        return Path.of(target.beside().replace(Names.RESTORING, "_tablespaces_"));
    }

    Path log() {
        return sibling(".log");
    }

    Path lock() {
        return Names.lock(beside());
    }

    private Path sibling(String ending) {
        return beside().resolveSibling(beside().getFileName() + ending);
    }

    String user() {
        return place.user().orElseGet(PgCtl::usualUser);
    }

    PgCtl original() {
        return new PgCtl(data(), user());
    }

    PgCtl restored() {
        return new PgCtl(beside(), user());
    }

    CutOverFiles swap() {
        return new CutOverFiles(data(), beside(), setAside(), undone());
    }

    /** Null: there is none, or it is of another restore. */
    @Nullable Note note() {
        try {
            Note note = Files.exists(noteFile()) ? MAPPER.readValue(noteFile().toFile(), Note.class) : null;
            return note != null && note.restored().equals(mark()) ? note : null;
        } catch (tools.jackson.core.JacksonException e) {
            return null;
        }
    }

    Note requireNote() {
        return Objects.requireNonNullElseGet(note(), () -> {
            throw nothingBeside();
        });
    }

    FailureException nothingBeside() {
        return new Failure("nothing-beside", "There is no whole restored server %s.".formatted(beside()),
                        "Nothing was renamed; %s is as it was.".formatted(data()), "Restore it again, then cut over.")
                .lasting();
    }

    /** Whole or not at all. */
    void write(Note note) {
        Path half = noteFile().resolveSibling(noteFile().getFileName() + ".half");
        try {
            Files.write(half, MAPPER.writeValueAsBytes(note));
            Files.move(half, noteFile(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    private Path noteFile() {
        return sibling(".json");
    }

    /** Stops and removes what was restored, or half restored, and is not in place yet. */
    void remove() {
        restored().stop();
        try {
            for (Path folder : List.of(beside(), wal(), laidTablespaces())) {
                if (CutOverFiles.there(folder)) {
                    FolderRemoval.remove(folder);
                }
            }
            Files.deleteIfExists(log());
            Files.deleteIfExists(noteFile());
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    FailureException trouble(IOException e) {
        return new Failure("server-folder", "Beside %s nothing can be made or removed: %s.".formatted(data(), e),
                        "The damaged data directory is as it was.",
                        "Let the user that runs Firedrill write to %s, then try again.".formatted(data().getParent()))
                .lasting(e);
    }
}
