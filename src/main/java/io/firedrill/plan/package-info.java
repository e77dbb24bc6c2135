/** The recovery plan as records, read from YAML and validated with line and column. */
@NullMarked
package io.firedrill.plan;

import org.jspecify.annotations.NullMarked;
