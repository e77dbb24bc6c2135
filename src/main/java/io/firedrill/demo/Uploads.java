package io.firedrill.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Files that users uploaded: some hundred of very different sizes, nested folders, an empty one, a symbolic link. */
record Uploads(Path folder) {
    static final int USERS = 120;
    private static final int KIB = 1024;

    void fill() {
        try {
            Random random = new Random(20_261_123);
            for (int user = 0; user < USERS; user++) {
                Path own = folder.resolve("users").resolve("%02d".formatted(user / 10)).resolve("user-%03d".formatted(user));
                Files.createDirectories(own.resolve("photos"));
                write(own.resolve("photos").resolve("portrait.jpg"), 20 * KIB + random.nextInt(150 * KIB), random);
                write(own.resolve("photos").resolve("holiday at the sea.jpg"), random.nextInt(60 * KIB), random);
                Files.writeString(own.resolve("about me.txt"), "User %d has been with us for years.\n".formatted(user));
            }
            Files.createDirectories(folder.resolve("empty"));
            Files.createDirectories(folder.resolve("invoices/2026/November"));
            write(folder.resolve("invoices/2026/November/all.pdf"), 4 * KIB * KIB, random);
            Files.createFile(folder.resolve("invoices/2026/.keep"));
            Files.createSymbolicLink(folder.resolve("newest"), Path.of("invoices/2026/November"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, int bytes, Random random) throws IOException {
        byte[] content = new byte[bytes];
        random.nextBytes(content);
        Files.write(file, content);
    }
}
