/** Standbys: how far they are, who takes over from a dead primary, and how redundancy comes back; whoever manages them. */
@NullMarked
package io.firedrill.replication;

import org.jspecify.annotations.NullMarked;
