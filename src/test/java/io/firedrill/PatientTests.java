package io.firedrill;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** What is awaited without a limit of its own may take longer than Awaitility's 10 seconds on a busy machine. */
public final class PatientTests implements LauncherSessionListener {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(LONG);
    }
}
