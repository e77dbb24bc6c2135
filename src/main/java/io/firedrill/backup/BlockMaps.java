package io.firedrill.backup;

import io.firedrill.physical.BlockMap;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.SealedReader;
import io.firedrill.store.Store;
import java.io.IOException;
import java.io.InputStream;

/** Reads the maps of blocks of base backups. */
final class BlockMaps {
    private BlockMaps() {}

    static BlockMap read(Store store, Manifest.Part part, Keys keys) {
        try (InputStream in = SealedReader.open(store, part, keys)) {
            return BlockMap.read(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
