/** Finds in the WAL the transaction that did the damage, and the moment just before it. */
@NullMarked
package io.firedrill.diagnosis.rewind;

import org.jspecify.annotations.NullMarked;
