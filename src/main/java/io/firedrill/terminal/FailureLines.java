package io.firedrill.terminal;

import io.firedrill.failure.Failure;
import java.util.List;

/** A failure in three lines: what failed, what it means, what to do next. */
public final class FailureLines {
    private FailureLines() {}

    public static List<String> of(Failure failure) {
        return List.of("Failed:  " + failure.what(), "Means:   " + failure.meaning(), "Next:    " + failure.next());
    }
}
