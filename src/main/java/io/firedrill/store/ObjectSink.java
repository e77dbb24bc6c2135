package io.firedrill.store;

import java.io.OutputStream;

/** An object being written; not visible before {@link #commit()}. Not thread-safe. */
public abstract class ObjectSink extends OutputStream {
    /** Makes the object visible and durable; after it {@link #close()} does nothing. */
    public abstract void commit();

    /** Without {@link #commit()} before, abandons the object and leaves nothing behind. */
    @Override
    public abstract void close();
}
