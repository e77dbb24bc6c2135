package io.firedrill.console;

import io.firedrill.engine.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;

/** The token that every request must carry until sign-in exists: made once, in a file that only its owner can read. */
final class ServerToken {
    private ServerToken() {}

    static String of(Home home) {
        try {
            if (!Files.exists(home.token())) {
                byte[] random = new byte[32];
                new SecureRandom().nextBytes(random);
                home.writeToken(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            }
            return Files.readString(home.token()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
