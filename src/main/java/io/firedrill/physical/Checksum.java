package io.firedrill.physical;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** The checksums that a {@code backup_manifest} can have. */
interface Checksum {
    void update(byte[] buffer, int offset, int length);

    /** Lower-case hex, as in the manifest. */
    String hex();

    static Checksum of(String algorithm) {
        return switch (algorithm) {
            case "NONE" -> of();
            case "CRC32C" -> of(new CRC32C());
            case "SHA224", "SHA256", "SHA384", "SHA512" -> of(BackupManifest.sha("SHA-" + algorithm.substring(3)));
            default -> throw BackupManifest.damaged("The backup_manifest names an unknown checksum, %s.".formatted(algorithm));
        };
    }

    private static Checksum of() {
        return new Checksum() {
            @Override
            public void update(byte[] buffer, int offset, int length) {
                // Only the size is known then.
            }

            @Override
            public String hex() {
                return "";
            }
        };
    }

    private static Checksum of(CRC32C crc) {
        return new Checksum() {
            @Override
            public void update(byte[] buffer, int offset, int length) {
                crc.update(buffer, offset, length);
            }

            /** PostgreSQL writes the four bytes as they lie in memory: least significant first. */
            @Override
            public String hex() {
                return "%08x".formatted(Integer.reverseBytes((int) crc.getValue()));
            }
        };
    }

    private static Checksum of(MessageDigest sha) {
        return new Checksum() {
            @Override
            public void update(byte[] buffer, int offset, int length) {
                sha.update(buffer, offset, length);
            }

            @Override
            public String hex() {
                return HexFormat.of().formatHex(sha.digest());
            }
        };
    }
}
