package io.firedrill.store;

import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How keys are made. Everything of a backup lies under {@code SERVICE/ID/}; every part's key carries the attempt that
 * wrote it, so that an attempt done again never meets the objects of an earlier one, and its age can be told from its name.
 */
public final class Keyspace {
    /** Folders of this ending are snapshots of files, not objects. */
    public static final String TREE = ".tree";

    static final String MANIFEST = "manifest.json";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern ATTEMPT = Pattern.compile("\\.(\\d{8}T\\d{6}Z)-[0-9a-f]{8}\\.");

    private Keyspace() {}

    /** With a slash at its end. */
    public static String prefix(String service, BackupId id) {
        return service + "/" + id + "/";
    }

    static String manifest(String service, BackupId id) {
        return prefix(service, id) + MANIFEST;
    }

    public static boolean isManifest(String key) {
        return key.endsWith("/" + MANIFEST);
    }

    /** A name for one attempt: when it began, and eight hex digits to tell it from others of the same second. */
    public static String attempt(Instant began) {
        byte[] random = new byte[4];
        RANDOM.nextBytes(random);
        return STAMP.format(began) + "-" + HexFormat.of().formatHex(random);
    }

    /** When the attempt that wrote this key began; empty when the key names none. */
    public static Optional<Instant> began(String key) {
        Matcher matcher = ATTEMPT.matcher(key);
        try {
            return matcher.find() ? Optional.of(STAMP.parse(matcher.group(1), Instant::from)) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
