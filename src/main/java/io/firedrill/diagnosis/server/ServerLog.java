package io.firedrill.diagnosis.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The end of a server's log. */
final class ServerLog {
    static final int TAIL = 1 << 19;

    /** The time that {@code log_line_prefix = '%m …'}, csvlog and jsonlog begin with. */
    private static final Pattern TIME = Pattern.compile("(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?) ([A-Za-z0-9+:/_-]+)");

    private static final int BEGINNING = 60;
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSS] z", Locale.ROOT);

    private ServerLog() {}

    /** @param place a file, or a folder, whose newest file counts; empty when nothing can be read */
    static Optional<List<String>> read(Path place) {
        try {
            Path file = Files.isDirectory(place) ? newest(place).orElse(place) : place;
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                return Optional.empty();
            }
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
                bytes.seek(Math.max(0, bytes.length() - TAIL));
                byte[] tail = new byte[(int) (bytes.length() - bytes.getFilePointer())];
                bytes.readFully(tail);
                return Optional.of(lines(tail));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static List<String> lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).lines().toList();
    }

    private static Optional<Path> newest(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).max(Comparator.comparing(file -> file.toFile().lastModified()));
        }
    }

    /** Lines written since then; one without a time of its own is as old as the one before it. */
    static List<String> since(List<String> lines, Instant moment) {
        List<String> recent = new ArrayList<>();
        boolean late = false;
        for (String line : lines) {
            Optional<Instant> at = time(line);
            if (at.isPresent()) {
                late = !at.get().isBefore(moment);
            }
            if (late) {
                recent.add(line);
            }
        }
        return recent;
    }

    private static Optional<Instant> time(String line) {
        Matcher matcher = TIME.matcher(line.substring(0, Math.min(BEGINNING, line.length())));
        if (!matcher.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZonedDateTime.parse(matcher.group(1) + " " + matcher.group(2), FORMAT).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
