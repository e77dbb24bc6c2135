package io.firedrill.diagnosis.rewind;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of a table, index or TOAST table, by number; a rewrite or TRUNCATE gives a relation a new one. The default
 * tablespace is 1663, the shared one 1664.
 */
public record RelationFile(long tablespace, long database, long number) {
    private static final long DEFAULT_TABLESPACE = 1663;
    private static final long SHARED_TABLESPACE = 1664;

    /** Objects made by initdb lie below (manual, section "Object Identifier Assignment"). */
    private static final long FIRST_OF_USERS = 16384;

    private static final Pattern PATH = Pattern.compile("(?:base/(\\d+)|global|pg_tblspc/(\\d+)/[^/]+/(\\d+))/(\\d+)");

    /** As {@code pg_relation_filepath} and commit records write it; absent for other forks and temporary tables. */
    public static Optional<RelationFile> ofPath(String path) {
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(4));
        if (matcher.group(1) != null) {
            return Optional.of(new RelationFile(DEFAULT_TABLESPACE, Long.parseLong(matcher.group(1)), number));
        }
        return Optional.of(matcher.group(2) == null
                ? new RelationFile(SHARED_TABLESPACE, 0, number)
                : new RelationFile(Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)), number));
    }

    boolean ofCatalogue() {
        return number < FIRST_OF_USERS;
    }
}
