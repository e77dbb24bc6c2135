/** Telling people: what needs them, what went wrong, what is well again. */
@NullMarked
package io.firedrill.notification;

import org.jspecify.annotations.NullMarked;
