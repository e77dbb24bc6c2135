package io.firedrill.console;

import io.firedrill.engine.Home;
import io.firedrill.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What drills have left as evidence, by the drill's id; nothing outside their folder can be named. */
public final class DrillFiles {
    private static final Pattern DRILL = Pattern.compile("DRILL-\\d{8}-\\d{6}-[a-z0-9_-]{1,40}");

    private final Path folder;

    DrillFiles(Home home) {
        this.folder = home.reports();
    }

    public static boolean names(String id) {
        return DRILL.matcher(id).matches();
    }

    /** As it was written into the evidence: {@code md html pdf}. */
    public byte[] report(String id, String format) {
        return read(id, checked(id).resolve("report." + format));
    }

    /** The whole pack. */
    public byte[] pack(String id) {
        return read(id, folder.resolve(checked(id).getFileName() + ".zip"));
    }

    private Path checked(String id) {
        if (!names(id)) {
            throw unknown(id).lasting();
        }
        return folder.resolve(id);
    }

    private static byte[] read(String id, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unknown(id).lasting(e);
        }
    }

    private static Failure unknown(String id) {
        return new Failure("unknown-drill", "There is no report of %s on this server.".formatted(id), "Nothing was done.",
                "List the drills: firedrill runs --process drill");
    }
}
