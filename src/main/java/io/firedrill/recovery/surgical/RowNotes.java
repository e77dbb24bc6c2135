package io.firedrill.recovery.surgical;

import java.util.ArrayList;
import java.util.List;

/** What a person should know before rows of a table are put back. */
final class RowNotes {
    private static final String TRIGGERS = "select t.tgname from pg_trigger t where t.tgrelid = ?::regclass"
            + " and not t.tgisinternal and t.tgtype & 4 = 4 and t.tgenabled ";

    private RowNotes() {}

    static List<String> of(TableSession live, Shape now, Shape backup, boolean keyed, long newer) {
        List<String> notes = new ArrayList<>();
        if (!keyed) {
            notes.add("has no primary or unique key that the backup has too: rows are compared whole, so a row changed since then"
                    + " counts as missing and would come back beside its newer version"
                    + (newer > 0 ? "; %,d live rows are not in the backup as they are. Leave the table out when they may be such".formatted(newer) : ""));
        }
        List<String> gone = backup.names().stream().filter(column -> !now.names().contains(column)).toList();
        if (!gone.isEmpty()) {
            notes.add("no longer has the columns %s: what the backup has in them stays out".formatted(String.join(", ", gone)));
        }
        List<String> added = now.names().stream().filter(column -> !backup.names().contains(column)).toList();
        if (!added.isEmpty()) {
            notes.add("has new columns, which get their default: " + String.join(", ", added));
        }
        List<String> silent = live.column(TRIGGERS + "in ('O')", now.name().quoted());
        if (!silent.isEmpty()) {
            notes.add("triggers do not run for rows put back, as they ran when these were first written: " + String.join(", ", silent));
        }
        List<String> loud = live.column(TRIGGERS + "in ('A', 'R')", now.name().quoted());
        if (!loud.isEmpty()) {
            notes.add("triggers that run all the same, being ENABLE ALWAYS or REPLICA: " + String.join(", ", loud));
        }
        return notes;
    }
}
