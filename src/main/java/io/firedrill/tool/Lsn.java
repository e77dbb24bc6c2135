package io.firedrill.tool;

/**
 * A position in the write-ahead log, PostgreSQL's {@code pg_lsn}: bytes since the log began, unsigned, written as two
 * hexadecimal halves (manual, section "pg_lsn Type").
 */
public record Lsn(long value) implements Comparable<Lsn> {

    /** @throws IllegalArgumentException when it is not of the form {@code 0/1934AD0} */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        try {
            return new Lsn(half(text, 0, slash) << 32 | half(text, slash + 1, text.length()));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is no LSN: it is written like 0/1934AD0.".formatted(text), e);
        }
    }

    private static long half(String text, int from, int to) {
        return Integer.toUnsignedLong(Integer.parseUnsignedInt(text, from, to, 16));
    }

    /** Number of the segment that this byte lies in. */
    public long segment(long segmentBytes) {
        return Long.divideUnsigned(value, segmentBytes);
    }

    /** Number of the last segment that a stretch ending just before this position reaches into. */
    public long lastSegment(long segmentBytes) {
        return Long.divideUnsigned(value - 1, segmentBytes);
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "%X/%X".formatted(value >>> 32, value & 0xffffffffL);
    }
}
