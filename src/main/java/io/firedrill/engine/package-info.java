/** The process engine: embedded broker or a Camunda 8 cluster, deployment, and job workers bound to the runbook. */
@NullMarked
package io.firedrill.engine;

import org.jspecify.annotations.NullMarked;
