package io.firedrill.cli;

/** Exit codes, the same for every command. */
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;
    static final int WAITS_FOR_PERSON = 3;
    static final int NO_SERVER = 4;

    private Exit() {}
}
