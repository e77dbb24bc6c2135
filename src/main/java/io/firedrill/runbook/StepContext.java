package io.firedrill.runbook;

import io.firedrill.tool.Progress;
import java.util.Map;

/**
 * What a step knows besides its variables.
 *
 * @param run id of the run (the process instance) the step belongs to
 * @param headers the service task's headers in the BPMN
 */
public record StepContext(String run, Map<String, String> headers, Progress progress) {}
