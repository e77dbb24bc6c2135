package io.firedrill.physical;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One archived WAL segment or timeline history. All that is known of it stands in its key, so that one listing of a store
 * tells what can be recovered: {@code SERVICE/SOURCE-wal/SYSTEM/TIMELINE/NAME.NEWEST.SHA256.wal.zst.age}.
 *
 * @param system the cluster's system identifier, decimal
 * @param name as PostgreSQL names it
 * @param newest time of the commit or abort in it that has the latest; empty: none in it
 * @param sha256 of the plain bytes
 * @param storedBytes as it lies in the store; 0 when not known yet
 */
public record WalObject(
        String key, String system, int timeline, String name, Optional<Instant> newest, String sha256, long storedBytes) {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final String NONE = "none";
    private static final Pattern FORM = Pattern.compile(
            ".*/(\\d+)/([0-9A-F]{8})/([0-9A-F]{24}|[0-9A-F]{8}\\.history)\\.(none|\\d{8}T\\d{6}\\.\\d{6}Z)\\.([0-9a-f]{64})\\.wal\\.zst(?:\\.age)?");

    /** @return its key without the ending that tells the encoding */
    static String key(WalSource of, String system, String name, Optional<Instant> newest, String sha256) {
        return "%s%s/%s/%s.%s.%s.wal".formatted(
                of.prefix(), system, name.substring(0, 8), name, newest.map(STAMP::format).orElse(NONE), sha256);
    }

    /** Empty when the key is not one of these. */
    static Optional<WalObject> of(String key, long storedBytes) {
        Matcher matcher = FORM.matcher(key);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            String stamp = matcher.group(4);
            return Optional.of(new WalObject(
                    key, matcher.group(1), (int) Long.parseLong(matcher.group(2), 16), matcher.group(3),
                    stamp.equals(NONE) ? Optional.empty() : Optional.of(STAMP.parse(stamp, Instant::from)),
                    matcher.group(5), storedBytes));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    public boolean history() {
        return name.endsWith(".history");
    }
}
