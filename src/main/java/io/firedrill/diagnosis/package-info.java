/** From probes to evidence: what is wrong with a service, collected read-only. */
@NullMarked
package io.firedrill.diagnosis;

import org.jspecify.annotations.NullMarked;
