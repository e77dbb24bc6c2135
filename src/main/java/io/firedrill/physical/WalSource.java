package io.firedrill.physical;

import java.util.zip.CRC32;

/**
 * Whose WAL it is.
 *
 * @param source the database of the plan that names the server
 */
public record WalSource(String service, String source) {
    private static final int LONGEST_SLOT = 63;

    /** Where everything of it lies in a store, with a slash at its end. */
    public String prefix() {
        return service + "/" + source + "-wal/";
    }

    /** The replication slot: {@code firedrill_SERVICE_SOURCE} in the letters a slot may have. */
    public String slot() {
        String plain = "firedrill_" + service + "_" + source;
        String name = plain.replaceAll("[^a-z0-9_]", "_");
        if (name.equals(plain) && name.length() <= LONGEST_SLOT) {
            return name;
        }
        // Names that become alike, or too long, stay apart by a checksum.
        CRC32 crc = new CRC32();
        crc.update(plain.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String mark = "_%08x".formatted(crc.getValue());
        return name.substring(0, Math.min(name.length(), LONGEST_SLOT - mark.length())) + mark;
    }
}
