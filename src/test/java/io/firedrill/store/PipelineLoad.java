package io.firedrill.store;

import io.firedrill.plan.StorePlan;
import io.firedrill.tool.Copying;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Streams generated data, as compressible as a database's dump, sealed into a store and reads it back, and prints what
 * that took. A program of its own, so that its memory is its own.
 *
 * <p>Arguments: a folder, or an endpoint and a credentials file; before them MiB of data and a key file.
 */
public final class PipelineLoad {
    private static final int MIB = 1 << 20;

    private PipelineLoad() {}

    public static void main(String[] arguments) throws IOException {
        long mib = Long.parseLong(arguments[0]);
        Keys keys = Keys.read(Path.of(arguments[1]));
        StorePlan plan = arguments.length == 3
                ? new StorePlan.Directory("local", Path.of(arguments[2]))
                : new StorePlan.S3("offsite", S3ProxyServer.BUCKET, "load", "us-east-1",
                        Optional.of(URI.create(arguments[2])), true, Optional.of(Path.of(arguments[3])));
        try (Store store = Stores.open(plan)) {
            Clocked writing = new Clocked();
            Manifest.Part part;
            try (SealedWriter writer = SealedWriter.create(store, "dump", "shop/load/dump." + System.nanoTime() + ".pgc", keys)) {
                generate(writer, mib);
                part = writer.commit();
            }
            System.out.println(writing.told("written", mib) + " stored " + part.storedBytes() / MIB);
            Clocked reading = new Clocked();
            try (InputStream in = SealedReader.open(store, part, keys)) {
                Copying.to(in, OutputStream.nullOutputStream(), n -> {});
            }
            System.out.println(reading.told("read", mib) + " peakMiB " + peak());
            store.delete(part.key());
        }
    }

    /** Rows of text: about a quarter is left of it by zstd's first level. */
    private static void generate(OutputStream out, long mib) throws IOException {
        Random random = new Random(7);
        byte[] block = new byte[MIB];
        for (int filled = 0; filled < MIB; ) {
            byte[] row = "%d\tcustomer-%d\t%08x%08x\tshipped\t2026-11-24 03:00:00\n"
                    .formatted(random.nextInt(1 << 20), random.nextInt(5000), random.nextInt(), random.nextInt())
                    .getBytes();
            int n = Math.min(row.length, MIB - filled);
            System.arraycopy(row, 0, block, filled, n);
            filled += n;
        }
        for (long i = 0; i < mib; i++) {
            // Not the same block again: zstd would see through that.
            for (int at = 0; at < MIB; at += 61) {
                block[at] ^= (byte) (1 + (i * 31 + at) % 7);
            }
            out.write(block);
        }
    }

    private static final class Clocked {
        private final long began = System.nanoTime();
        private final long cpu = cpu();

        private static long cpu() {
            return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
        }

        String told(String what, long mib) {
            double seconds = (System.nanoTime() - began) / 1e9;
            return String.format(Locale.ROOT, "%s %d MiB in %.2f s, %.0f MiB/s, cpu %.2f s", what, mib, seconds,
                    mib / seconds, (cpu() - cpu) / 1e9);
        }
    }

    /** The most memory this process ever had, heap and all, in MiB. */
    private static long peak() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
