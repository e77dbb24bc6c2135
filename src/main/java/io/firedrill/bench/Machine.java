package io.firedrill.bench;

import java.lang.management.ManagementFactory;

/**
 * Where it was measured.
 *
 * @param load how many processes wanted a processor in the minute before; well above 0 somebody else was at work
 */
record Machine(int processors, long memoryBytes, String system, String java, double load) {
    static Machine now() {
        var os = ManagementFactory.getOperatingSystemMXBean();
        long memory = os instanceof com.sun.management.OperatingSystemMXBean own ? own.getTotalMemorySize() : 0;
        return new Machine(
                os.getAvailableProcessors(),
                memory,
                os.getName() + " " + os.getVersion(),
                System.getProperty("java.version"),
                os.getSystemLoadAverage());
    }
}
