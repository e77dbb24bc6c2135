package io.firedrill.proof;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Whether a file's content looks encrypted: as random as can be, where its name promises something that is not. */
public final class Encryption {
    private static final int HEAD = 1 << 16;
    private static final int TOO_SHORT = 1 << 10;

    /** Formats that are compressed, and so look random when they are well. Their first bytes tell them apart. */
    private static final Set<String> COMPRESSED = Set.of("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "xz", "zst",
            "bz2", "7z", "rar", "mp3", "mp4", "mkv", "avi", "mov", "pdf", "docx", "xlsx", "pptx", "odt", "jar", "woff2", "age", "gpg");

    private static final byte[][] SIGNATURES = {
        {(byte) 0xff, (byte) 0xd8, (byte) 0xff}, {(byte) 0x89, 'P', 'N', 'G'}, {'G', 'I', 'F', '8'}, {'R', 'I', 'F', 'F'},
        {'P', 'K'}, {0x1f, (byte) 0x8b}, {(byte) 0xfd, '7', 'z', 'X', 'Z'}, {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
        {'B', 'Z', 'h'}, {'7', 'z', (byte) 0xbc}, {'R', 'a', 'r', '!'}, {'I', 'D', '3'}, {(byte) 0xff, (byte) 0xfb},
        {0, 0, 0}, {0x1a, 0x45, (byte) 0xdf}, {'%', 'P', 'D', 'F'}, {'w', 'O', 'F', '2'}, {'a', 'g', 'e'}, {(byte) 0x85}, {(byte) 0x8c}
    };

    private Encryption() {}

    /** {@code name}: by which it was known when it was well. */
    public static boolean looksEncrypted(Path file, String name) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(HEAD);
            return head.length >= TOO_SHORT && random(head) && !(compressed(name) && signed(head));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean compressed(String name) {
        return COMPRESSED.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean signed(byte[] head) {
        for (byte[] signature : SIGNATURES) {
            if (java.util.Arrays.mismatch(head, signature) == signature.length) {
                return true;
            }
        }
        return false;
    }

    /**
     * Chi-squared test on byte frequencies: for random bytes about 255, give or take 23; text, and compressed formats with
     * their headers, lie in the thousands or at least well above.
     */
    private static boolean random(byte[] head) {
        long[] counts = new long[256];
        for (byte b : head) {
            counts[b & 0xff]++;
        }
        double expected = head.length / 256.0;
        double chi = 0;
        for (long count : counts) {
            chi += (count - expected) * (count - expected) / expected;
        }
        return chi < 400;
    }
}
