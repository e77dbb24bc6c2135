package io.firedrill.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Commands that work by themselves, outside the server: what libraries log on the way is not for people at a terminal. */
final class QuietLibraries {
    private QuietLibraries() {}

    static void onlyWarnings() {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.WARN);
        }
    }
}
