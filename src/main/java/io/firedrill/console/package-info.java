/** REST API and pages. */
@NullMarked
package io.firedrill.console;

import org.jspecify.annotations.NullMarked;
