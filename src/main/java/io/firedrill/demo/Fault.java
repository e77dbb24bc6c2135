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
    /** The folder of uploads is emptied. */
    LOST_FILES;

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Fault> of(String word) {
        return Arrays.stream(values()).filter(fault -> fault.word().equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(Fault::word).collect(Collectors.joining(", "));
    }

    /** Whether the database is damaged. */
    boolean hitsDatabase() {
        return this != LOST_FILES;
    }

    /** Whether the files are damaged. */
    boolean hitsFiles() {
        return this != DROPPED_TABLE;
    }
}
