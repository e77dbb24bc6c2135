/** What happened: runs, steps, tasks and incidents, read from the engine's own log; and the report. */
@NullMarked
package io.firedrill.history;

import org.jspecify.annotations.NullMarked;
