/** What leads people to a service: load balancers and poolers, configured, drained before a recovery, enabled after it. */
@NullMarked
package io.firedrill.traffic;

import org.jspecify.annotations.NullMarked;
