package io.firedrill.physical;

import io.firedrill.tool.Lsn;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL's name of a WAL segment: timeline and number, 24 hexadecimal digits (xlog_internal.h). */
public record WalName(int timeline, long segment, long segmentBytes) {
    private static final Pattern FORM = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})");

    /** Empty when the text is not a segment's name, e.g. one ending in {@code .partial}. */
    public static Optional<WalName> parse(String text, long segmentBytes) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long high = Long.parseLong(matcher.group(2), 16);
        long low = Long.parseLong(matcher.group(3), 16);
        return Optional.of(new WalName(
                (int) Long.parseLong(matcher.group(1), 16), high * perHigh(segmentBytes) + low, segmentBytes));
    }

    private static long perHigh(long segmentBytes) {
        return 0x1_0000_0000L / segmentBytes;
    }

    /** Its first byte. */
    public Lsn start() {
        return new Lsn(segment * segmentBytes);
    }

    /** The byte after its last. */
    public Lsn end() {
        return new Lsn((segment + 1) * segmentBytes);
    }

    /** As in a file's name. */
    @Override
    public String toString() {
        return "%08X%08X%08X".formatted(timeline, segment / perHigh(segmentBytes), segment % perHigh(segmentBytes));
    }
}
