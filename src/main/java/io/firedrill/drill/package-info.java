/** Rehearses a recovery on a scratch server, scores it against the objectives and leaves the evidence. */
@NullMarked
package io.firedrill.drill;

import org.jspecify.annotations.NullMarked;
