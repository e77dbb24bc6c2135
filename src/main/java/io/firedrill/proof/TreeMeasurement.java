package io.firedrill.proof;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.tool.Progress;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One measurement of one folder; two threads read. */
final class TreeMeasurement {
    private static final int THREADS = 2;
    private static final int BUFFER = 1 << 16;
    private static final int REGULAR = 0100000;
    private static final int TYPE_BITS = 0170000;

    private final Path root;
    private final Progress progress;
    private final AtomicLong bytesRead = new AtomicLong();

    TreeMeasurement(Path root, Progress progress) {
        this.root = root.toAbsolutePath();
        this.progress = progress;
    }

    FileTreeContents run(@Nullable Path listingOut) {
        List<TreeListing.Entry> entries = entries();
        try {
            if (listingOut != null) {
                write(entries, listingOut);
            }
        } catch (IOException e) {
            throw unreadable(listingOut == null ? root : listingOut, e);
        }
        return contents(entries);
    }

    /** Sorted by path. */
    List<TreeListing.Entry> entries() {
        try (ExecutorService hashing = Executors.newFixedThreadPool(THREADS)) {
            List<Future<TreeListing.Entry>> found = new ArrayList<>();
            try {
                walk(root, hashing, found);
                List<TreeListing.Entry> entries = new ArrayList<>(found.size());
                for (Future<TreeListing.Entry> entry : found) {
                    entries.add(await(entry));
                }
                entries.sort(Comparator.comparing(TreeListing.Entry::path));
                return entries;
            } catch (RuntimeException | Error e) {
                hashing.shutdownNow();
                throw e;
            }
        }
    }

    private void walk(Path path, ExecutorService hashing, List<Future<TreeListing.Entry>> found) {
        found.add(hashing.submit(() -> entry(path)));
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                for (Path child : children) {
                    walk(child, hashing, found);
                }
            } catch (IOException e) {
                throw unreadable(path, e);
            }
        } else if (path.equals(root)) {
            throw unreadable(path, new IOException("it is no folder"));
        }
    }

    private TreeListing.Entry entry(Path path) {
        try {
            Map<String, Object> is =
                    Files.readAttributes(path, "unix:mode,uid,gid,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            int mode = (Integer) value(is, "mode");
            boolean regular = (mode & TYPE_BITS) == REGULAR;
            return new TreeListing.Entry(
                    type(path, mode),
                    "%04o".formatted(mode & 07777),
                    (Integer) value(is, "uid"),
                    (Integer) value(is, "gid"),
                    regular ? (Long) value(is, "size") : 0,
                    ((FileTime) value(is, "lastModifiedTime")).to(TimeUnit.NANOSECONDS),
                    content(path, mode),
                    TreeListing.path(root, path));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static Object value(Map<String, Object> attributes, String name) {
        return java.util.Objects.requireNonNull(attributes.get(name), name);
    }

    private static char type(Path path, int mode) {
        return switch (mode & TYPE_BITS) {
            case REGULAR -> 'f';
            case 0040000 -> 'd';
            case 0120000 -> 'l';
            default -> 'o';
        };
    }

    private String content(Path path, int mode) throws IOException {
        return switch (type(path, mode)) {
            case 'f' -> sha256(path);
            case 'l' -> target(Files.readSymbolicLink(path));
            default -> "-";
        };
    }

    /** A relative one as if below the file system's root, so that any bytes survive, and then without that root. */
    private static String target(Path target) {
        return target.isAbsolute() ? TreeListing.encoded(target) : TreeListing.encoded(Path.of("/").resolve(target)).substring(1);
    }

    private String sha256(Path file) throws IOException {
        Sha256 sha256 = new Sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sha256.add(buffer, 0, n);
                progress.at(file.toString(), bytesRead.addAndGet(n), 0, "bytes");
            }
        }
        return sha256.hex();
    }

    private static void write(List<TreeListing.Entry> entries, Path out) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(out, StandardCharsets.US_ASCII)) {
            for (TreeListing.Entry entry : entries) {
                writer.write(entry.line());
                writer.write('\n');
            }
        }
    }

    private static FileTreeContents contents(List<TreeListing.Entry> entries) {
        Sha256 sha256 = new Sha256();
        long files = 0;
        long bytes = 0;
        for (TreeListing.Entry entry : entries) {
            sha256.add((entry.proven() + "\n").getBytes(StandardCharsets.US_ASCII));
            files += entry.type() == 'f' ? 1 : 0;
            bytes += entry.size();
        }
        return new FileTreeContents(files, entries.size() - files, bytes, sha256.hex());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "Measuring the folder was cancelled.", "Nothing was changed.", "Start the step again.")
                    .passing(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException own ? own : new IllegalStateException(e.getCause());
        }
    }

    private static FailureException unreadable(Path path, IOException e) {
        return new Failure(
                        "unreadable-file",
                        "%s cannot be read: %s.".formatted(path, e.getMessage()),
                        "What the folder holds is not known for certain; nothing was changed.",
                        "Give the user that runs Firedrill the right to read it, and look whether the disk is well.")
                .lasting(e);
    }
}
