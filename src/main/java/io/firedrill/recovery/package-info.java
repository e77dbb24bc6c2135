/** Choose a backup, restore it beside the damage, prove it, cut over to it, undo that. */
@NullMarked
package io.firedrill.recovery;

import org.jspecify.annotations.NullMarked;
