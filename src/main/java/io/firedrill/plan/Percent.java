package io.firedrill.plan;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Percent-encoding as libpq decodes it: {@code %XX} are bytes of UTF-8, and {@code +} is a plus. */
final class Percent {
    private Percent() {}

    /** Nothing when a {@code %} is not followed by two hexadecimal digits, or the bytes are no text. */
    static Optional<String> decode(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                bytes.write(encoded[i]);
                continue;
            }
            int value = i + 2 < encoded.length
                    ? Character.digit(encoded[i + 1], 16) << 4 | Character.digit(encoded[i + 2], 16)
                    : -1;
            if (value <= 0) {
                return Optional.empty();
            }
            bytes.write(value);
            i += 2;
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
