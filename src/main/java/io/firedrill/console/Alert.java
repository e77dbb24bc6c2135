package io.firedrill.console;

import java.util.Map;

/**
 * What a monitoring system says is wrong, or is well again.
 *
 * @param key the same whenever the same alert is told again
 * @param episode of the same cause, from firing to resolved; for what ends it
 * @param labels what rules match
 */
record Alert(String key, String episode, String name, boolean resolved, Map<String, String> labels, String summary) {}
