package io.firedrill.diagnosis.server;

import java.util.Locale;

/** What is wrong, in one word each; the most telling first, so that its next step is the one to take. */
public enum Sign {
    /** No space where data, WAL or temporary files lie (53100). */
    DISK_FULL,
    /** The host is not reached at all. */
    HOST_UNREACHABLE,
    /** Files that the server needs to start are gone or unreadable: pg_control, WAL, commit status. */
    SERVER_FILES_DAMAGED,
    /** It does not start because of its configuration. */
    BAD_CONFIG,
    /** It does not start, or is not it: another program has its port. */
    PORT_TAKEN,
    /** It may not use its own data directory. */
    BAD_PERMISSIONS,
    /** 28P01. */
    WRONG_PASSWORD,
    /** No line of pg_hba.conf lets us in (28000). */
    NO_ACCESS_RULE,
    /** 3D000. */
    MISSING_DATABASE,
    /** Applications get no session any more (53300). */
    TOO_MANY_CONNECTIONS,
    /** It replays its WAL after a crash and takes sessions again by itself (57P03). */
    CRASH_RECOVERY,
    /** Its process lives and does not answer. */
    SERVER_HANGS,
    /** Nothing listens; nothing says why it should not start. */
    SERVER_DEAD,
    /** XX001, or checksum failures. */
    DAMAGED_PAGE,
    /** 58P01 of a table. */
    MISSING_RELATION_FILE,
    /** XX002, or an index whose file is gone; its table reads whole. */
    BROKEN_INDEX,
    MISSING_TABLE,
    /** Rows are gone and were deleted. */
    DELETED_ROWS,
    /** Rows are gone and nothing deleted them. */
    LOST_ROWS,
    /** One transaction changed most rows of a table. */
    CHANGED_ROWS,
    FILES_ENCRYPTED,
    FILES_MISSING,
    /** A server process was killed or crashed, and the server recovered. */
    BACKEND_CRASHED,
    /** Sessions have waited long for a lock. */
    BLOCKED,
    /** The WAL that a standby needs is gone: it must be built anew. */
    STANDBY_LOST,
    /** A standby does not fetch its WAL. */
    STANDBY_STOPPED,
    STANDBY_BEHIND,
    /** archive_command fails. */
    ARCHIVING_FAILED;

    /** As in {@code evidence.facts.signs}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
