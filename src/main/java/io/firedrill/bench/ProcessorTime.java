package io.firedrill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Seconds that processors worked for everything that takes part: this process, all it started (also what ended: Linux adds
 * that to its parent's account), and the same of the PostgreSQL server. Read from {@code /proc/PID/stat}: user and system
 * time, own and of children waited for; hundredths of a second.
 */
final class ProcessorTime {
    private static final double TICKS_PER_SECOND = 100;
    private static final int UTIME = 11;
    private static final int CHILDREN_STIME = 14;

    private final List<ProcessHandle> roots;

    /** @param others whose processor time counts, besides this process */
    ProcessorTime(ProcessHandle... others) {
        roots = Stream.concat(Stream.of(ProcessHandle.current()), Stream.of(others)).toList();
    }

    /** Only differences mean anything. */
    double seconds() {
        return roots.stream()
                        .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                        .mapToLong(ProcessHandle::pid)
                        .distinct()
                        .map(ProcessorTime::ticks)
                        .sum()
                / TICKS_PER_SECOND;
    }

    private static long ticks(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
            // The name, in brackets, may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = 0;
            for (int field = UTIME; field <= CHILDREN_STIME; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks;
        } catch (IOException e) {
            // It ended meanwhile; its parent has its time now.
            return 0;
        }
    }
}
