/** What backups exist and what is known of them; a cache that a scan of the stores rebuilds. */
@NullMarked
package io.firedrill.catalog;

import org.jspecify.annotations.NullMarked;
