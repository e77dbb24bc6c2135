package io.firedrill.store;

import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Uploads in parts as the bytes come, several at once, while the next is filled. What fits one part goes up as one plain
 * object, when it is committed.
 */
final class S3Sink extends ObjectSink {
    private final S3Store store;
    private final String key;
    private final PartSizes sizes;
    private final int inMemory;
    private final boolean resuming;
    private @Nullable PartBuffer filling;
    private @Nullable S3Upload upload;
    private int parts;
    private boolean over;

    /** @param resuming parts that an earlier try sent are not sent again, and those of this one stay for the next */
    S3Sink(S3Store store, String key, PartSizes sizes, int inMemory, boolean resuming) {
        this.store = store;
        this.key = key;
        this.sizes = sizes;
        this.inMemory = inMemory;
        this.resuming = resuming;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        try {
            for (int done = 0; done < length; ) {
                if (filling != null && filling.full()) {
                    send();
                }
                done += buffer().take(source, offset + done, length - done);
            }
        } catch (UncheckedIOException e) {
            throw S3Trouble.noRoomForPart(store, key, e);
        }
    }

    private PartBuffer buffer() {
        if (filling == null) {
            filling = new PartBuffer(sizes.of(parts + 1), inMemory);
        }
        return filling;
    }

    private void send() {
        if (upload == null) {
            upload = S3Upload.begin(store, key, resuming);
        }
        PartBuffer full = buffer();
        filling = null;
        parts++;
        upload.add(full);
    }

    @Override
    public void commit() {
        if (upload == null) {
            PartBuffer all = buffer();
            store.patiently(key, () -> store.put(key, all));
        } else {
            if (filling != null) {
                send();
            }
            upload.complete();
        }
        over = true;
        close();
    }

    @Override
    public void close() {
        if (filling != null) {
            filling.close();
            filling = null;
        }
        if (upload != null) {
            upload.end(!over && !resuming);
            upload = null;
        }
        over = true;
    }
}
