/** How a database server itself is doing: what it says when asked, and what its log and files say when it does not answer. */
@NullMarked
package io.firedrill.diagnosis.server;

import org.jspecify.annotations.NullMarked;
