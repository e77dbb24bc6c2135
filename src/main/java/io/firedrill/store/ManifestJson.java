package io.firedrill.store;

import io.firedrill.failure.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A manifest as text. Its last member, {@code manifestSha256}, is the SHA-256 of the whole document with this digest
 * replaced by 64 zeros, so that a flipped bit in a recorded row count is found before it casts doubt on good data.
 */
public final class ManifestJson {
    private static final int FORMAT = 1;
    private static final String DIGEST = "manifestSha256";
    private static final String ZEROS = "0".repeat(64);
    private static final Pattern AT_THE_END = Pattern.compile("\"" + DIGEST + "\"\\s*:\\s*\"([0-9a-f]{64})\"\\s*}\\s*$");
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ManifestJson() {}

    public static byte[] write(Manifest manifest) {
        ObjectNode tree = MAPPER.valueToTree(manifest);
        tree.put(DIGEST, ZEROS);
        String text = MAPPER.writeValueAsString(tree) + "\n";
        int at = text.lastIndexOf(ZEROS);
        String digest = Digested.hexOf(text.getBytes(StandardCharsets.UTF_8));
        return (text.substring(0, at) + digest + text.substring(at + ZEROS.length())).getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IOException when it is not what was written */
    public static Manifest read(byte[] bytes) throws IOException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Matcher end = AT_THE_END.matcher(text);
        if (!end.find()) {
            throw new IOException("it does not end with its digest.");
        }
        String zeroed = text.substring(0, end.start(1)) + ZEROS + text.substring(end.end(1));
        if (!Digested.hexOf(zeroed.getBytes(StandardCharsets.UTF_8)).equals(end.group(1))) {
            throw new IOException("its digest does not match.");
        }
        try {
            ObjectNode tree = (ObjectNode) MAPPER.readTree(text);
            requireKnownFormat(tree.path("format").asInt(0));
            return MAPPER.treeToValue(tree, Manifest.class);
        } catch (JacksonException e) {
            throw new IOException(e.getOriginalMessage(), e);
        }
    }

    private static void requireKnownFormat(int format) {
        if (format != FORMAT) {
            throw new Failure(
                            "unknown-format",
                            "A backup's manifest has format %d; this Firedrill knows %d.".formatted(format, FORMAT),
                            "The backup may be good, but this version cannot tell.",
                            "Use the Firedrill version that wrote it, or a newer one.")
                    .lasting();
        }
    }
}
