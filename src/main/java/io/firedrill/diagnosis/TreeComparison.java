package io.firedrill.diagnosis;

import io.firedrill.proof.Encryption;
import io.firedrill.proof.TreeListing.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder as it is, held against a snapshot's listing by sizes and times.
 *
 * @param expected the snapshot's regular files
 * @param gone files of the snapshot that are not there under their name
 * @param encrypted changed files, and new ones of a gone file's name and one more ending, that look encrypted: by path
 */
record TreeComparison(long expected, List<Entry> gone, List<Entry> changed, Map<String, Shape> encrypted) {
    private static final int HEADS_READ = 500;
    private static final int SAMPLED = 100;

    /** What of a file shows without reading it; {@code modified} in nanoseconds since 1970. */
    record Shape(long size, long modified) {
        static Shape of(Entry entry) {
            return new Shape(entry.size(), entry.modified());
        }
    }

    /** @param live by path, as a listing has it */
    static TreeComparison of(Path root, List<Entry> snapshot, Map<String, Shape> live) {
        List<Entry> gone = new ArrayList<>();
        List<Entry> changed = new ArrayList<>();
        Map<String, Shape> unknown = new HashMap<>(live);
        long expected = 0;
        for (Entry entry : snapshot) {
            if (entry.type() != 'f') {
                continue;
            }
            expected++;
            Shape now = unknown.remove(entry.path());
            if (now == null) {
                gone.add(entry);
            } else if (!now.equals(Shape.of(entry))) {
                changed.add(entry);
            }
        }
        return new TreeComparison(expected, gone, changed, encrypted(root, changed, gone, live, unknown));
    }

    /** Half of the files at least: not one that somebody packed, but all of them. */
    boolean inBulk() {
        return expected > 0 && encrypted.size() * 2L >= Math.min(expected, HEADS_READ);
    }

    /** By a sample; names are of no help when they were changed too. */
    static boolean mostLookEncrypted(Path root, Map<String, Shape> live) {
        long look = live.keySet().stream().limit(SAMPLED)
                .filter(path -> Encryption.looksEncrypted(file(root, path), path))
                .count();
        return look > 0 && look * 2 >= Math.min(SAMPLED, live.size());
    }

    private static Map<String, Shape> encrypted(
            Path root, List<Entry> changed, List<Entry> gone, Map<String, Shape> live, Map<String, Shape> unknown) {
        Map<String, Shape> encrypted = new HashMap<>();
        changed.stream()
                .limit(HEADS_READ)
                .filter(entry -> Encryption.looksEncrypted(entry.in(root), entry.readablePath()))
                .forEach(entry -> encrypted.put(entry.path(), live.getOrDefault(entry.path(), Shape.of(entry))));
        Map<String, String> withoutEnding = new HashMap<>();
        unknown.keySet().forEach(path -> withoutEnding.put(path.substring(0, Math.max(0, path.lastIndexOf('.'))), path));
        gone.stream()
                .filter(entry -> withoutEnding.containsKey(entry.path()))
                .limit(HEADS_READ)
                .forEach(entry -> {
                    String path = withoutEnding.get(entry.path());
                    if (Encryption.looksEncrypted(file(root, path), entry.readablePath())) {
                        encrypted.put(path, live.getOrDefault(path, Shape.of(entry)));
                    }
                });
        return encrypted;
    }

    private static Path file(Path root, String path) {
        return new Entry('f', "", 0, 0, 0, 0, "", path).in(root);
    }
}
