package io.firedrill.store;

import io.firedrill.failure.Failure;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * Names one backup of one source, the same in every store: {@code shop-orders-logical-20261123T084512Z}.
 *
 * @param value lower-case letters, digits, {@code -}, {@code T}, {@code Z}, {@code .}, {@code _}; safe in paths and keys
 */
public record BackupId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    public BackupId {
        if (!FORM.matcher(value).matches()) {
            throw new Failure(
                            "bad-backup-id",
                            "'%s' is not a backup's id.".formatted(value),
                            "Nothing was started.",
                            "List them with: firedrill backups")
                    .lasting();
        }
    }

    public static BackupId of(String service, String source, String kind, Instant at) {
        return new BackupId(String.join("-", service, source, kind, STAMP.format(at)));
    }

    @Override
    public String toString() {
        return value;
    }
}
