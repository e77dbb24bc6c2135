/** What a database or a file tree holds, measured so that two of them can be proven equal. */
@NullMarked
package io.firedrill.proof;

import org.jspecify.annotations.NullMarked;
