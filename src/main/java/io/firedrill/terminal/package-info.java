/** What people see on a terminal: lines, tables, times, colours. */
@NullMarked
package io.firedrill.terminal;

import org.jspecify.annotations.NullMarked;
