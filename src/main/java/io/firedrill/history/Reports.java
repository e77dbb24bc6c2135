package io.firedrill.history;

import java.nio.file.Path;

/** Writes an incident's report to files. */
@FunctionalInterface
public interface Reports {
    /** Returns the Markdown file; the HTML lies beside it. */
    Path write(String incident);
}
