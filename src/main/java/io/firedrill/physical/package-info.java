/** Whole PostgreSQL servers: base backups and what proves them, WAL received continuously, and the moments both reach. */
@NullMarked
package io.firedrill.physical;

import org.jspecify.annotations.NullMarked;
