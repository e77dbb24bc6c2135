package io.firedrill.tool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of 127.0.0.1 for servers that are told theirs. Between the choice and the server's listening seconds may pass, in which nobody
 * holds the port: so none is chosen twice, none that the system gives to outgoing connections (Linux: from 32768 on), and
 * different processes choose from different corners.
 */
public final class Ports {
    private static final int FIRST = 10_000;
    private static final int COUNT = 22_000;
    /** Sends processes that were started one after another far apart. */
    private static final long STRIDE = 7_919;

    private static final AtomicInteger NEXT = new AtomicInteger((int) (ProcessHandle.current().pid() * STRIDE % COUNT));

    private Ports() {}

    /** So many different ports that were free just now. */
    public static List<Integer> free(int count) {
        List<Integer> found = new ArrayList<>();
        for (int tries = 0; tries < COUNT && found.size() < count; tries++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                found.add(port);
            }
        }
        if (found.size() < count) {
            throw new IllegalStateException("No port from %d to %d is free.".formatted(FIRST, FIRST + COUNT - 1));
        }
        return List.copyOf(found);
    }

    /** One that was free just now. */
    public static int free() {
        return free(1).getFirst();
    }

    public static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
