package io.firedrill.client;

import io.firedrill.engine.Home;
import java.nio.file.Path;
import java.util.Optional;

/** Which home a command means. */
public final class Homes {
    private Homes() {}

    /** From the launcher ({@code -Dfiredrill.home}), else {@code FIREDRILL_HOME}, else {@code .firedrill} here. */
    public static Home fromLauncher() {
        return new Home(Path.of(Optional.ofNullable(System.getProperty("firedrill.home"))
                .or(() -> Optional.ofNullable(System.getenv("FIREDRILL_HOME")))
                .orElse(".firedrill")));
    }

    /** The demo's server has a home of its own, so that it never meets the user's own server and its history. */
    public static Home demo(Home home) {
        return new Home(home.folder().resolve("demo"));
    }

    /** What the detached server prints. */
    public static Path serverLog(Home home) {
        return home.folder().resolve("server.log");
    }

    /** Where the build put the engine and the S3-compatible server: {@code -Dfiredrill.dist}. */
    public static Path dist() {
        return Path.of(System.getProperty("firedrill.dist", "target")).toAbsolutePath();
    }
}
