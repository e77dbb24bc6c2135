package io.firedrill.bench;

import java.util.List;

/** A way to do what the benchmark asks for. */
interface Contender {
    /** The rows it fills, in this order. */
    List<String> rows();

    /** Brings about what is there before it begins: not measured. */
    default void prepare() {}

    /** Does it once from the start. */
    void run(Laps laps);

    /** Takes the result away again, so that every run starts from the same. */
    void tidy();

    /** Hears when a row is complete. */
    @FunctionalInterface
    interface Laps {
        /** @param bytes that the result takes */
        void done(String row, long bytes);
    }
}
