/** Talks to a Firedrill server: where it is, REST calls, following a run, starting and stopping it. */
@NullMarked
package io.firedrill.client;

import org.jspecify.annotations.NullMarked;
