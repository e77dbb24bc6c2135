package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The report of an incident. */
@Command(name = "report", mixinStandardHelpOptions = true, description = "Print an incident's report.")
final class ReportCommand implements Callable<Integer> {
    /** As the server can write it. */
    enum Format {
        MD,
        HTML,
        PDF
    }

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "ID", description = "The incident's id.")
    private String incident = "";

    @Option(names = "--format", paramLabel = "md|html|pdf", description = "Default: md; a PDF goes to a file.")
    private Format format = Format.MD;

    @Option(names = "--output", paramLabel = "FILE", description = "Write it to this file instead of the terminal (a PDF: ID.pdf).")
    private @Nullable Path output;

    @Override
    public Integer call() {
        String word = format.name().toLowerCase(Locale.ROOT);
        byte[] report = server.api().getBytes("/reports/" + Query.encoded(incident) + "?format=" + word);
        Path file = format == Format.PDF && output == null ? Path.of(incident + ".pdf") : output;
        if (file != null) {
            write(file, report);
        }
        String text = format == Format.PDF ? null : new String(report, StandardCharsets.UTF_8);
        if (server.json()) {
            server.print(Json.object()
                    .put("incident", incident)
                    .put("format", word)
                    .put("file", file == null ? null : file.toAbsolutePath().toString())
                    .put("text", text));
        } else {
            Terminal.onStandardOutput().line(file == null && text != null ? text.stripTrailing() : "Written to " + file);
        }
        return Exit.DONE;
    }

    private static void write(Path file, byte[] report) {
        try {
            Files.write(file, report);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
