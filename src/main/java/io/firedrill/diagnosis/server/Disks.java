package io.firedrill.diagnosis.server;

import io.firedrill.tool.Words;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether there is room where a server of this host writes. */
final class Disks {
    /** A WAL segment of usual size; on a small disk a twentieth of it. */
    private static final long ALMOST_NOTHING = 16L << 20;

    private static final int SMALL_SHARE = 20;

    private Disks() {}

    /** @param places by what lies there, e.g. {@code WAL}; those that cannot be looked at are left out */
    static List<Signal> full(String server, Map<String, Path> places) {
        List<Signal> signals = new ArrayList<>();
        places.forEach((what, path) -> {
            try {
                FileStore disk = Files.getFileStore(path);
                long free = disk.getUsableSpace();
                if (free < Math.min(ALMOST_NOTHING, disk.getTotalSpace() / SMALL_SHARE)) {
                    signals.add(Signal.damage(Sign.DISK_FULL, server,
                            "The disk of its %s (%s) has %s free of %s.".formatted(
                                    what, path, Words.bytes(free), Words.bytes(disk.getTotalSpace())),
                            "Free or add space on the disk of %s; never delete files of the server's own.".formatted(path)));
                }
            } catch (IOException e) {
                // Not on this host, or not for us to see: nothing can be said of it.
            }
        });
        return signals;
    }
}
