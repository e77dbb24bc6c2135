/** The pages: server-rendered, each usable without a script. */
@NullMarked
package io.firedrill.console.page;

import org.jspecify.annotations.NullMarked;
