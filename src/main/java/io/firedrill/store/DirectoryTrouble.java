package io.firedrill.store;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** Names what went wrong with a folder of backups. */
final class DirectoryTrouble {
    private DirectoryTrouble() {}

    static FailureException of(DirectoryStore store, String key, IOException e) {
        String where = "%s in store %s (%s)".formatted(key, store.name(), store.address());
        return switch (e) {
            case FileAlreadyExistsException there -> Trouble.exists(where).lasting(e);
            case NoSuchFileException missing -> Trouble.missing(where).lasting(e);
            case AccessDeniedException denied -> Trouble.refused(where, "the folder's permissions forbid it").lasting(e);
            default -> full(e) ? Trouble.full(where).lasting(e) : unreadable(where, e).passing(e);
        };
    }

    private static boolean full(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }

    private static Failure unreadable(String where, IOException e) {
        return new Failure(
                "store-unreachable",
                "%s cannot be read or written: %s".formatted(where, e.getMessage()),
                "Nothing was changed there; other stores are unaffected.",
                "Look at that disk or mount (dmesg), then try again.");
    }
}
