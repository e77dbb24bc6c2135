package io.firedrill.engine;

import io.firedrill.failure.Failure;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Where long-lived processes are started while somebody may press Ctrl-C at any moment: a start passes through the gate
 * whole, until the process is remembered where a stop finds it, or not at all. Once {@link #close} has returned, no start
 * is under way and none will begin, so that what is found running then is all there is to stop.
 */
public final class StartGate {
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * Runs the start; several may be in the gate at the same time.
     *
     * @param start returns as soon as what it started can be found; waiting until it answers is done outside
     * @throws io.firedrill.failure.FailureException {@code stopping} when the gate is closed; nothing was started
     */
    public void pass(Runnable start) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new Failure(
                                "stopping",
                                "Nothing more is started, as what runs already is being stopped.",
                                "What was begun is undone.",
                                "Start it again when you want it.")
                        .lasting();
            }
            start.run();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Waits for the starts under way and refuses all later ones; closed already is fine. */
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
