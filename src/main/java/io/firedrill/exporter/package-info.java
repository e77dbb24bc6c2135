/** Zeebe exporter: the engine's log into the state database; packaged as a jar of its own. */
@NullMarked
package io.firedrill.exporter;

import org.jspecify.annotations.NullMarked;
