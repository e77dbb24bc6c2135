package io.firedrill.recovery;

import java.util.List;
import java.util.Optional;

/**
 * What a recovery must remember of a database, kept on the database itself as settings of our own, so that it survives a
 * crash, is renamed with it, and changes in the same transaction as what it tells of.
 */
final class Notes {
    /** On a restored database, set when it is whole: the backup it was restored from, and the name it was restored under. */
    static final String RESTORED_FROM = "firedrill.restored_from";

    /**
     * On a database brought back to a moment: the first transaction number it has nothing of, then lower ones that had not
     * committed by then.
     */
    static final String NOT_RESTORED = "firedrill.not_restored";

    /** While applications are kept out: the connection limit to go back to. */
    static final String CONNECTION_LIMIT = "firedrill.connection_limit";

    /** On what was set aside: {@code default_transaction_read_only} as it was set on the database, or {@code unset}. */
    static final String READ_ONLY = "firedrill.read_only";

    private static final String OWN_READ_ONLY = "default_transaction_read_only";

    private Notes() {}

    static Optional<String> read(Server server, String dbname, String note) {
        return server.value(
                "select substr(c, length(?) + 2) from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase,"
                        + " unnest(s.setconfig) c where d.datname = ? and s.setrole = 0 and split_part(c, '=', 1) = ?",
                note, dbname, note);
    }

    static String set(String dbname, String note, String value) {
        return "alter database %s set %s to %s".formatted(Sql.name(dbname), note, Sql.text(value));
    }

    static String reset(String dbname, String note) {
        return "alter database %s reset %s".formatted(Sql.name(dbname), note);
    }

    static String connectionLimit(Server server, String dbname) {
        return read(server, dbname, CONNECTION_LIMIT)
                .or(() -> server.value("select datconnlimit from pg_database where datname = ?", dbname))
                .orElse("-1");
    }

    /** Superusers may look at it, nobody may change it. */
    static List<String> closeForEvidence(Server server, String dbname) {
        String readOnly = read(server, dbname, READ_ONLY)
                .or(() -> read(server, dbname, OWN_READ_ONLY))
                .orElse("unset");
        return List.of(
                set(dbname, CONNECTION_LIMIT, connectionLimit(server, dbname)),
                set(dbname, READ_ONLY, readOnly),
                set(dbname, OWN_READ_ONLY, "on"),
                "alter database %s with allow_connections true connection limit 0".formatted(Sql.name(dbname)));
    }

    /** Undoes {@link #closeForEvidence} but for the connection limit, which unfencing gives back. */
    static List<String> takeBack(Server server, String dbname) {
        Optional<String> readOnly = read(server, dbname, READ_ONLY);
        if (readOnly.isEmpty()) {
            return List.of();
        }
        return List.of(
                readOnly.get().equals("unset") ? reset(dbname, OWN_READ_ONLY) : set(dbname, OWN_READ_ONLY, readOnly.get()),
                reset(dbname, READ_ONLY));
    }
}
