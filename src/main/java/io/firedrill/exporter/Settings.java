package io.firedrill.exporter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The exporter's arguments as the broker's configuration gives them. Names compare without case, because environment
 * variables lose it on the way.
 *
 * @param url JDBC address of the state database
 * @param passwordFile read anew for every connection, so that a password can be changed while the broker runs
 * @param batchSize records that are written in one transaction at most
 * @param flushInterval how long a record waits at most before it is written
 */
record Settings(
        String url,
        @Nullable String user,
        @Nullable Path passwordFile,
        int batchSize,
        Duration flushInterval,
        Mask mask) {

    private static final int DEFAULT_BATCH_SIZE = 500;
    private static final int DEFAULT_FLUSH_MILLIS = 150;

    /** Throws {@link IllegalArgumentException} naming the argument, which keeps the broker from starting. */
    static Settings of(Map<String, Object> arguments) {
        Map<String, Object> given = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        given.putAll(arguments);
        String url = text(given, "url");
        if (url == null || !url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException(
                    "Firedrill's exporter needs the argument url, like jdbc:postgresql://host:5432/name; it is " + url);
        }
        String passwordFile = text(given, "passwordFile");
        return new Settings(
                url,
                text(given, "user"),
                passwordFile == null ? null : Path.of(passwordFile),
                number(given, "batchSize", DEFAULT_BATCH_SIZE),
                Duration.ofMillis(number(given, "flushIntervalMillis", DEFAULT_FLUSH_MILLIS)),
                new Mask(list(given.get("mask"))));
    }

    /** Null when there is no password file. */
    @Nullable String password() throws IOException {
        return passwordFile == null ? null : Files.readString(passwordFile).strip();
    }

    private static @Nullable String text(Map<String, Object> given, String name) {
        Object value = given.get(name);
        return value == null || value.toString().isBlank() ? null : value.toString().strip();
    }

    private static int number(Map<String, Object> given, String name, int otherwise) {
        String value = text(given, name);
        try {
            int number = value == null ? otherwise : Integer.parseInt(value);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, with the argument's name.
        }
        throw new IllegalArgumentException(
                "The argument %s of Firedrill's exporter must be a whole number above 0; it is %s"
                        .formatted(name, value));
    }

    /** A YAML list arrives as a list or as a map by index, an environment variable as text with commas. */
    private static List<String> list(@Nullable Object value) {
        Stream<?> items =
                switch (value) {
                    case null -> Stream.empty();
                    case Collection<?> many -> many.stream();
                    case Map<?, ?> byIndex -> byIndex.values().stream();
                    default -> Stream.of(value.toString().split(","));
                };
        return items.map(item -> item.toString().strip())
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
