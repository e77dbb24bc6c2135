package io.firedrill.tool;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a point-in-time recovery stops, and PostgreSQL's settings for it (manual, section "Recovery Target"). */
public sealed interface RecoveryTarget {
    /** With an offset in digits: the names of time zones are not known yet when the server reads this. */
    DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'").withZone(ZoneOffset.UTC);

    /** All settings that say where recovery stops; a server takes one at most (and {@code inclusive}). */
    List<String> SETTINGS = List.of("recovery_target", "recovery_target_lsn", "recovery_target_name", "recovery_target_time",
            "recovery_target_xid");

    /** All WAL there is. */
    record Latest() implements RecoveryTarget {}

    /** As soon as the base backup is consistent. */
    record Immediate() implements RecoveryTarget {}

    /** Up to and with the last transaction committed at this moment. */
    record Time(Instant at) implements RecoveryTarget {}

    /** Just before this record: with the commit record of a transaction, that transaction is not in it. */
    record Before(Lsn lsn) implements RecoveryTarget {}

    /** Up to and with this record. */
    record Through(Lsn lsn) implements RecoveryTarget {}

    /** Just before this transaction commits. */
    record BeforeTransaction(long xid) implements RecoveryTarget {}

    /** The point that {@code pg_create_restore_point} named. */
    record Named(String name) implements RecoveryTarget {}

    /** For the configuration file, without {@code restore_command}; empty for all WAL. */
    default Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        switch (this) {
            case Latest all -> { }
            case Immediate consistent -> settings.put("recovery_target", "immediate");
            case Time time -> settings.put("recovery_target_time", MOMENT.format(time.at()));
            case Before before -> exclusive(settings, "recovery_target_lsn", before.lsn().toString());
            case Through through -> settings.put("recovery_target_lsn", through.lsn().toString());
            case BeforeTransaction before -> exclusive(settings, "recovery_target_xid", Long.toString(before.xid()));
            case Named named -> settings.put("recovery_target_name", named.name());
        }
        return settings;
    }

    private static void exclusive(Map<String, String> settings, String name, String value) {
        settings.put(name, value);
        settings.put("recovery_target_inclusive", "off");
    }
}
