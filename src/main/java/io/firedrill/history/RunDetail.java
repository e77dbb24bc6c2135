package io.firedrill.history;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;

/**
 * A run with all that happened in it. In JSON the run's own fields stand beside these.
 *
 * @param steps of this run and the runs it called, in order of start
 * @param variables of the run's root scope, as JSON trees
 * @param problems what holds it up or made a step fail, newest last
 */
public record RunDetail(
        @JsonUnwrapped Run run, List<Step> steps, Map<String, Object> variables, List<Problem> problems) {}
