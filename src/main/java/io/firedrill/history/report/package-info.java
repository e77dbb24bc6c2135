/** The report of an incident, as Markdown and as a page, from the same facts. */
@NullMarked
package io.firedrill.history.report;

import org.jspecify.annotations.NullMarked;
