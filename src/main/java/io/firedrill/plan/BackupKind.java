package io.firedrill.plan;

import java.util.Locale;

/** Each kind is taken by its standard tool. */
public enum BackupKind {
    /** pg_dump: schema, data and large objects of one database, plus globals. */
    LOGICAL,
    /** pg_basebackup and WAL: a whole cluster, to any moment. */
    PHYSICAL,
    /** rsync: dated snapshots of a folder. */
    FILES;

    /** As written in the plan file and everywhere a person reads it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
