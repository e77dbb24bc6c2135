package io.firedrill.plan;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Paths in the plan file: relative ones start at the plan's folder, and the files that must be there are looked at. */
final class PlanFiles {
    private static final Set<PosixFilePermission> FOR_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private PlanFiles() {}

    /** Absolute and without {@code .} and {@code ..}; whether anything is there is not asked. */
    static Optional<Path> path(Value value) {
        return value.text().flatMap(text -> path(value.title(), text, value));
    }

    /** As {@link #path(Value)}: one that a restored folder beside it can be swapped for. */
    static Optional<Path> swappable(Value value) {
        return path(value).filter(path -> {
            boolean hasSiblings = path.getParent() != null;
            if (!hasSiblings) {
                value.mistake(
                        "The folder '%s' cannot be swapped for a restored one.".formatted(path),
                        "Name a folder inside another, e.g. /data/files.");
            }
            return hasSiblings;
        });
    }

    /** A file that exists, can be read and is not empty. */
    static Optional<Path> existing(Value value) {
        return value.text().flatMap(text -> existing(value.title(), text, value));
    }

    /** As {@link #existing(Value)} for a file named within the value, which {@code title} tells apart. */
    static Optional<Path> existing(String title, String text, Value value) {
        return path(title, text, value).filter(path -> {
            String trouble = trouble(path);
            if (!trouble.isEmpty()) {
                value.mistake(
                        "'%s': %s %s.".formatted(title, trouble, path),
                        "Write the path of a file that Firedrill's user can read, absolute or relative to %s."
                                .formatted(value.reading().folder()));
            }
            return trouble.isEmpty();
        });
    }

    private static Optional<Path> path(String title, String text, Value value) {
        try {
            return Optional.of(value.reading().folder().resolve(text).normalize());
        } catch (InvalidPathException e) {
            value.mistake("'%s' is not a path: %s.".formatted(title, e.getReason()), "Write a file's path.");
            return Optional.empty();
        }
    }

    private static String trouble(Path path) {
        if (!Files.exists(path)) {
            return Files.notExists(path) ? "there is no file" : "no permission to look for";
        }
        if (!Files.isRegularFile(path)) {
            return "this is not a file:";
        }
        if (!Files.isReadable(path)) {
            return "no permission to read";
        }
        return path.toFile().length() == 0 ? "nothing is in" : "";
    }

    /** An age identity file that nobody but its owner can read. */
    static Optional<Path> key(Value value) {
        return existing(value).filter(path -> {
            boolean sealed = permissions(path).stream().noneMatch(FOR_OTHERS::contains);
            if (!sealed) {
                value.mistake(
                        "'%s': others than its owner can read or write %s, and with it every backup."
                                .formatted(value.title(), path),
                        "Run: chmod 600 %s".formatted(path));
            }
            boolean holdsKey = lines(path).stream().anyMatch(line -> line.startsWith("AGE-SECRET-KEY-1"));
            if (!holdsKey) {
                value.mistake(
                        "'%s': there is no age key in %s.".formatted(value.title(), path),
                        "It needs a line that begins with AGE-SECRET-KEY-1. Make one with: age-keygen -o FILE");
            }
            return sealed && holdsKey;
        });
    }

    /** A file whose one line is a webhook's URL. The URL is a secret and is never shown. */
    static Optional<Path> webhook(Value value) {
        if (value.text().filter(PlanFiles::isHttp).isPresent()) {
            value.mistake(
                    "'%s' holds the webhook's URL itself, which is a secret.".formatted(value.title()),
                    "Put the URL into a file that only Firedrill's user can read, and name the file here.");
            return Optional.empty();
        }
        return existing(value).filter(path -> {
            boolean good = lines(path).stream()
                            .filter(line -> !line.isBlank())
                            .limit(2)
                            .filter(PlanFiles::isHttp)
                            .count()
                    == 1;
            if (!good) {
                value.mistake(
                        "'%s': there is no web address in %s.".formatted(value.title(), path),
                        "Put the webhook's URL (https://…) into it, on one line, and nothing else.");
            }
            return good;
        });
    }

    private static boolean isHttp(String line) {
        try {
            URI uri = URI.create(line.strip());
            return WebAddress.isHttp(uri);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (UnsupportedOperationException | IOException e) {
            // No such permissions on this file system: whoever mounted it decides who reads.
            return Set.of();
        }
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException e) {
            // Not text, or gone since it was looked at: either way not what should be in it.
            return List.of();
        }
    }
}
