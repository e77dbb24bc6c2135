package io.firedrill.physical;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Member of an incremental base backup's archive that is a stretch of a file: {@code firedrill_pieces/PATH@OFFSET}.
 *
 * @param path in the archive's folder
 * @param offset in the file, a multiple of {@value BlockMap#BLOCK}
 */
record PieceName(String path, long offset) {
    private static final Pattern FORM = Pattern.compile(ChangedFiles.PIECES + "/(.+)@(\\d{1,12})");

    /** Empty when the member is a file as a whole. */
    static Optional<PieceName> of(String member) {
        Matcher matcher = FORM.matcher(member);
        return matcher.matches() ? Optional.of(new PieceName(matcher.group(1), Long.parseLong(matcher.group(2)))) : Optional.empty();
    }
}
