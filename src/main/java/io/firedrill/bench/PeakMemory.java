package io.firedrill.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * The most memory that what this process started held at one time: each living process counts with the highest resident
 * size it ever had ({@code VmHWM}), so that the sum is never too small. Looked at every 50 ms.
 */
final class PeakMemory implements AutoCloseable {
    private static final long LOOK_MILLIS = 50;

    private final Set<Long> notCounted;
    private final Thread looking;
    private volatile long peakBytes;

    /** @param notCounted processes that are no part of what is measured */
    PeakMemory(Set<Long> notCounted) {
        this.notCounted = notCounted;
        this.looking = Thread.ofPlatform().daemon().name("peak-memory").start(this::look);
    }

    private void look() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long now = ProcessHandle.current()
                        .descendants()
                        .mapToLong(ProcessHandle::pid)
                        .filter(pid -> !notCounted.contains(pid))
                        .map(PeakMemory::bytes)
                        .sum();
                peakBytes = Math.max(peakBytes, now);
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    private static long bytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/%d/status".formatted(pid))).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                    .sum();
        } catch (IOException e) {
            // It ended meanwhile.
            return 0;
        }
    }

    long bytes() {
        return peakBytes;
    }

    @Override
    public void close() {
        looking.interrupt();
    }
}
