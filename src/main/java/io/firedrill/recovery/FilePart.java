package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A folder or a file inside a file set, as a person writes it. */
final class FilePart {
    private FilePart() {}

    /** Relative, without {@code .} and {@code ..}, with single slashes. Lasting failure {@code bad-path}. */
    static String require(String written) {
        try {
            Path path = Path.of(written).normalize();
            if (!path.isAbsolute() && !path.toString().isEmpty() && !path.startsWith("..")) {
                return path.toString();
            }
        } catch (InvalidPathException e) {
            // Told below.
        }
        throw new Failure("bad-path", "'%s' is no path inside a file set.".formatted(written), "Nothing was started.",
                        "Write it relative to the file set, e.g. uploads:2026/photos or uploads:logo.png.")
                .lasting();
    }
}
