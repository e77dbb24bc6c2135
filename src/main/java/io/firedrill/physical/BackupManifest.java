package io.firedrill.physical;

import io.firedrill.tool.Lsn;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * PostgreSQL's {@code backup_manifest} (manual, chapter "Backup Manifest Format"): every file of a base backup with size
 * and checksum, and the WAL that it needs.
 *
 * @param files by path in the data folder
 */
public record BackupManifest(Map<String, Entry> files, List<WalRange> walRanges) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** {@code algorithm} NONE, CRC32C or SHA224 to SHA512; {@code checksum} lower-case hex, empty with NONE. */
    public record Entry(long bytes, String algorithm, String checksum) {}

    public record WalRange(int timeline, Lsn start, Lsn end) {}

    /** Lasting failure {@code base-backup-damaged} when it is not what PostgreSQL wrote, by its own checksum. */
    public static BackupManifest read(byte[] text) {
        requireOwnChecksum(text);
        try {
            JsonNode root = MAPPER.readTree(text);
            Map<String, Entry> files = new LinkedHashMap<>();
            for (JsonNode file : root.path("Files")) {
                files.put(path(file), new Entry(
                        file.path("Size").asLong(),
                        file.path("Checksum-Algorithm").asString("NONE"),
                        file.path("Checksum").asString("")));
            }
            List<WalRange> ranges = new ArrayList<>();
            for (JsonNode range : root.path("WAL-Ranges")) {
                ranges.add(new WalRange(
                        range.path("Timeline").asInt(),
                        Lsn.parse(range.path("Start-LSN").asString("")),
                        Lsn.parse(range.path("End-LSN").asString(""))));
            }
            return new BackupManifest(files, ranges);
        } catch (JacksonException | IllegalArgumentException e) {
            throw damaged("The backup_manifest cannot be read: " + e.getMessage());
        }
    }

    /** Names that are no UTF-8 are written in hex. */
    private static String path(JsonNode file) {
        String encoded = file.path("Encoded-Path").asString("");
        return encoded.isEmpty()
                ? file.path("Path").asString("")
                : new String(HexFormat.of().parseHex(encoded), StandardCharsets.UTF_8);
    }

    /** The last line carries the SHA-256 of all that is before it. */
    private static void requireOwnChecksum(byte[] text) {
        int end = text.length - (text.length > 0 && text[text.length - 1] == '\n' ? 1 : 0);
        int last = end - 1;
        while (last >= 0 && text[last] != '\n') {
            last--;
        }
        MessageDigest digest = sha("SHA-256");
        digest.update(text, 0, last + 1);
        String said = new String(text, last + 1, end - last - 1, StandardCharsets.UTF_8);
        if (!said.contains("\"" + HexFormat.of().formatHex(digest.digest()) + "\"")) {
            throw damaged("The backup_manifest does not have the checksum that it gives for itself.");
        }
    }

    static MessageDigest sha(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static FailureException damaged(String what) {
        return new Failure(
                        "base-backup-damaged",
                        what,
                        "This copy of the backup would not give back the server that it was taken of, and is not used.",
                        "Take a new backup now (firedrill backup SERVICE --kind physical); older ones are unaffected.")
                .lasting();
    }
}
