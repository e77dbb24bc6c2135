/** External programs, one class each, over one {@code Command} runner. */
@NullMarked
package io.firedrill.tool;

import org.jspecify.annotations.NullMarked;
