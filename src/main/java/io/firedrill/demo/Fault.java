package io.firedrill.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can go wrong in the demo. Each is really done to the demo's own data. */
enum Fault {
    /** A clean-up job without a WHERE empties a table and removes users' uploads. */
    DELETED_ROWS,
    /** A migration drops a table that is still needed, and what depends on it. */
    DROPPED_TABLE,
    /** The disk overwrites a page of a table. */
    CORRUPT_PAGE,
    /** The file of a table is gone from the disk. */
    MISSING_RELATION_FILE,
    /** The folder of uploads is emptied. */
    LOST_FILES,
    /** Every upload is encrypted in place, and the key thrown away. */
    ENCRYPTED_FILES,
    /** The disk of the primary's WAL fills up, and the server stops. */
    DISK_FULL,
    /** The primary is killed, and its data directory destroyed: a standby takes over. */
    DEAD_PRIMARY;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Fault> of(String word) {
        return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", "));
    }

    /** Whether what is in the database is damaged. */
    boolean hitsDatabase() {
        return this != LOST_FILES && this != ENCRYPTED_FILES && this != DISK_FULL && this != DEAD_PRIMARY;
    }

    /** Whether the server stops but has lost nothing: a person mends it, and nothing is restored. */
    boolean stopsServer() {
        return this == DISK_FULL;
    }

    /** Whether the files are damaged. */
    boolean hitsFiles() {
        return this == DELETED_ROWS || this == LOST_FILES || this == ENCRYPTED_FILES;
    }

    /** Whether the server itself is gone, so that nothing is restored but a standby takes over. */
    boolean hitsServer() {
        return this == DEAD_PRIMARY;
    }
}
