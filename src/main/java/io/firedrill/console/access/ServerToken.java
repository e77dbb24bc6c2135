package io.firedrill.console.access;

import io.firedrill.engine.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The token of the server's own user: made once, in a file that only its owner can read. The command line uses it, and it
 * is the emergency token with which people sign in while the state database, which knows their passwords, is away.
 */
final class ServerToken {
    private final byte[] secret;

    private ServerToken(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    static ServerToken of(Home home) {
        try {
            if (!Files.exists(home.token())) {
                byte[] random = new byte[32];
                new SecureRandom().nextBytes(random);
                home.writeToken(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            }
            return new ServerToken(Files.readString(home.token()).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean is(String given) {
        return MessageDigest.isEqual(secret, given.getBytes(StandardCharsets.UTF_8));
    }
}
