package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.plan.ServerPlan;
import io.firedrill.recovery.Recovery.ServerSwap;
import io.firedrill.recovery.Recovery.Swap;
import io.firedrill.recovery.RestorePlan.ServerTarget;
import io.firedrill.tool.Command;
import io.firedrill.tool.PgCtl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Swaps whole servers by renaming data directories, never one in use. Which steps are done can be told from what is there, so a
 * crash between them is mended by calling again.
 */
final class CutOverServer {
    private static final Duration COMMAND = Duration.ofMinutes(15);

    private final ServerTarget target;
    private final Database db;
    private final ServerPlan place;
    private final ServerFolders folders;

    CutOverServer(ServerTarget target, Database db, ServerFolders folders) {
        this.target = target;
        this.db = db;
        this.place = db.place().orElseThrow();
        this.folders = folders;
    }

    ServerSwap cutOver() {
        ServerFolders.Note note = folders.requireNote();
        boolean beside = CutOverFiles.there(folders.beside());
        if (!note.proven() || !beside && !CutOverFiles.there(folders.setAside())) {
            throw folders.nothingBeside();
        }
        long began = System.nanoTime();
        if (beside) {
            folders.write(note.ran(note.ran() == null ? folders.original().running() : note.ran()));
            settleTablespaces();
            stop();
            folders.swap().cutOver();
        }
        start();
        return swapped(folders.setAside(), began);
    }

    /** A damaged server that did not run before need not start again. */
    ServerSwap swapBack() {
        long began = System.nanoTime();
        boolean ran = Boolean.TRUE.equals(folders.requireNote().ran());
        if (CutOverFiles.there(folders.setAside())) {
            stop();
            folders.swap().swapBack();
        }
        try {
            start();
        } catch (FailureException e) {
            if (ran) {
                throw e;
            }
        }
        return swapped(folders.undone(), began);
    }

    private ServerSwap swapped(Path aside, long began) {
        double away = (System.nanoTime() - began) / 1e9;
        return new ServerSwap(
                new Swap("server", target.server(), folders.data().toString(), aside.toString(), CutOverFiles.bytes(aside)), away);
    }

    /** The links of the restored server follow its tablespaces to where they stay. */
    private void settleTablespaces() {
        try {
            if (CutOverFiles.there(folders.laidTablespaces())) {
                Files.move(folders.laidTablespaces(), folders.tablespaces());
            }
            if (!CutOverFiles.there(folders.tablespaces())) {
                return;
            }
            try (Stream<Path> spaces = Files.list(folders.tablespaces())) {
                for (Path space : spaces.toList()) {
                    Path link = folders.beside().resolve("pg_tblspc").resolve(space.getFileName());
                    Files.deleteIfExists(link);
                    Files.createSymbolicLink(link, space);
                }
            }
        } catch (IOException e) {
            throw folders.trouble(e);
        }
    }

    private void stop() {
        PgCtl server = folders.original();
        if (!server.running()) {
            return;
        }
        if (place.byPgCtl()) {
            server.stop();
        } else {
            Command.Result<String> said = run(place.stop());
            server.requireStopped((said.stderr() + said.value()).strip());
        }
    }

    private void start() {
        if (folders.original().running()) {
            return;
        }
        if (place.byPgCtl()) {
            Path log = place.log().filter(path -> !Files.isDirectory(path))
                    .orElseGet(() -> folders.data().resolveSibling(folders.data().getFileName() + ".log"));
            folders.original().start(log);
            return;
        }
        Command.Result<String> said = run(place.start());
        if (!said.succeeded()) {
            throw new Failure("server-not-started",
                            "%s for %s exits %d: %s".formatted(place.start().getFirst(), folders.data(), said.exit(),
                                    (said.stderr() + said.value()).strip()),
                            "The data directories are swapped and whole; the service is away until the server runs.",
                            "Look into its log, start it by hand or mend the plan's start command, then try again.")
                    .lasting();
        }
    }

    private static Command.Result<String> run(List<String> words) {
        return Command.of(words.getFirst(), words.subList(1, words.size()).toArray(String[]::new)).withDeadline(COMMAND).run();
    }

    /** After an undo the damaged server may be down, as it was; there is nobody to let in then. */
    void unfence() {
        try {
            ServerFence.unfence(db);
        } catch (FailureException e) {
            ServerFolders.Note note = folders.note();
            boolean down = e.failure().code().equals("server-unreachable") && !folders.original().running();
            boolean wasDown = note == null || !Boolean.TRUE.equals(note.ran());
            if (!down || !wasDown) {
                throw e;
            }
        }
    }
}
