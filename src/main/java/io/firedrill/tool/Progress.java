package io.firedrill.tool;

/** Where long work tells how far it is; called often, from any thread, must be cheap. */
@FunctionalInterface
public interface Progress {
    Progress NONE = (what, done, total, unit) -> {};

    /**
     * @param what what is being worked on, e.g. a table's name
     * @param done in {@code unit}
     * @param total in {@code unit}; 0 when unknown
     * @param unit {@code bytes}, {@code rows}, {@code files}
     */
    void at(String what, long done, long total, String unit);
}
