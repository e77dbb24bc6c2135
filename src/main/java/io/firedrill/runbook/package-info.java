/** Where BPMN meets Java: one class per process, one method per service task; no logic. */
@NullMarked
package io.firedrill.runbook;

import org.jspecify.annotations.NullMarked;
