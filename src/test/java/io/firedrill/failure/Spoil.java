package io.firedrill.failure;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** What happens to files in stores. */
enum Spoil {
    FLIPPED_BYTE {
        @Override
        void spoil(RandomAccessFile file) throws IOException {
            file.seek(file.length() / 2);
            int was = file.read();
            file.seek(file.length() / 2);
            file.write(was ^ 0x01);
        }
    },
    TRUNCATED {
        @Override
        void spoil(RandomAccessFile file) throws IOException {
            file.setLength(file.length() - 1000);
        }
    };

    abstract void spoil(RandomAccessFile file) throws IOException;

    void spoil(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            spoil(file);
        }
    }
}
