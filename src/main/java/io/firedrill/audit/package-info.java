/** Who did or tried what, and what the engine did: one append-only, hash-chained trail that its signed anchors hold fast. */
@NullMarked
package io.firedrill.audit;

import org.jspecify.annotations.NullMarked;
