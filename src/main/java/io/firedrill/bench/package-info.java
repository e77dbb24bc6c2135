/** Firedrill beside the plain tools, on generated data: seconds, processor time, memory and size. */
@NullMarked
package io.firedrill.bench;

import org.jspecify.annotations.NullMarked;
