/** Take, check, copy offsite and expire backups. */
@NullMarked
package io.firedrill.backup;

import org.jspecify.annotations.NullMarked;
