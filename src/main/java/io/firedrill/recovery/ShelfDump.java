package io.firedrill.recovery;

import io.firedrill.proof.Inventory;
import io.firedrill.store.Manifest.DatabaseFacts;
import io.firedrill.store.Manifest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The dump in a logical backup, straight out of the store. */
record ShelfDump(Shelf shelf, DatabaseFacts facts, Inventory inventory, Manifest.Part part) implements DumpSource {

    static ShelfDump open(Shelf shelf) {
        shelf.requireTools();
        return new ShelfDump(
                shelf, Objects.requireNonNull(shelf.manifest().database(), "a logical backup has facts of its database"),
                shelf.inventory(), shelf.need("dump"));
    }

    @Override
    public List<String> globals() {
        if (shelf.part("globals").isEmpty()) {
            return List.of();
        }
        try (InputStream in = shelf.read(shelf.need("globals"));
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public long dumpBytes() {
        return part.plainBytes();
    }

    @Override
    public void dump(OutputStream out) throws IOException {
        try (InputStream in = shelf.read(part)) {
            in.transferTo(out);
        }
    }

    @Override
    public Map<String, String> notes() {
        return Map.of();
    }

    @Override
    public void close() {
        // Every part is closed when it is read.
    }
}
