package io.firedrill.bench;

/**
 * One line of the table.
 *
 * @param what its name, which the ratios use
 * @param seconds from the start of the first tool to the end of the last
 * @param processorSeconds user and system time of all that took part
 * @param peakBytes of memory, of the tools, not of the servers
 * @param bytes that the result takes
 */
record Measurement(String what, double seconds, double processorSeconds, long peakBytes, long bytes) {}
