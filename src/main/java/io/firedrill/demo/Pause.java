package io.firedrill.demo;

/** Waits between two looks at something that cannot tell us itself. */
final class Pause {
    private Pause() {}

    /** For a thread whose process is being ended by another one. */
    static void forEver() {
        while (true) {
            millis(1000);
        }
    }

    static void millis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
