/** The commands. */
@NullMarked
package io.firedrill.cli;

import org.jspecify.annotations.NullMarked;
