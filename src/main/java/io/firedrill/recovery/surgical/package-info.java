/**
 * Single tables and lost rows, taken from a scratch copy and put back into the live database while it serves; what is
 * changed there is kept beside it, so that exactly that can be taken out again. Knows nothing of backups.
 */
@org.jspecify.annotations.NullMarked
package io.firedrill.recovery.surgical;
