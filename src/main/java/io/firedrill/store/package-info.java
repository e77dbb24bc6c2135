/** Where backups live: sealed streams, self-describing manifests, write-once objects in a directory or an S3-compatible bucket. */
@NullMarked
package io.firedrill.store;

import org.jspecify.annotations.NullMarked;
