/** Failures people see: what failed, what that means for their data, what to do next. */
@NullMarked
package io.firedrill.failure;

import org.jspecify.annotations.NullMarked;
