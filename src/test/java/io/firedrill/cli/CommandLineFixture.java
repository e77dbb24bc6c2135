package io.firedrill.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs commands in this process against a played server, as the launcher would run them. */
abstract class CommandLineFixture {
    @TempDir
    Path folder;

    PlayedServer server;

    /** What a command did. */
    record Done(int exit, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    @BeforeEach
    void play() throws IOException {
        server = new PlayedServer();
        Files.writeString(folder.resolve("token"), PlayedServer.TOKEN + "\n");
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Adds where the played server and its token are. */
    Done firedrill(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", server.url().toString(), "--token-file", folder.resolve("token").toString()));
        return plain(all.toArray(String[]::new));
    }

    static Done plain(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(failed, true, StandardCharsets.UTF_8));
            int exit = Firedrill.run(arguments);
            return new Done(exit, written.toString(StandardCharsets.UTF_8), failed.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
