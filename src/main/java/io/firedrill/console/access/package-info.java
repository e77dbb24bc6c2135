/** Who may do what: sign-in, roles, tokens, and what goes to the audit trail about it. */
@NullMarked
package io.firedrill.console.access;

import org.jspecify.annotations.NullMarked;
