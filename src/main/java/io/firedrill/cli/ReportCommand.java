package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        HTML
    }

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "ID", description = "The incident's id.")
    private String incident = "";

    @Option(names = "--format", paramLabel = "md|html", description = "Default: md.")
    private Format format = Format.MD;

    @Option(names = "--output", paramLabel = "FILE", description = "Write it to this file instead of the terminal.")
    private @Nullable Path output;

    @Override
    public Integer call() {
        String word = format == Format.MD ? "md" : "html";
        String text = server.api().getText("/reports/" + Query.encoded(incident) + "?format=" + word);
        if (output != null) {
            write(output, text);
        }
        if (server.json()) {
            server.print(Json.object()
                    .put("incident", incident)
                    .put("format", word)
                    .put("file", output == null ? null : output.toAbsolutePath().toString())
                    .put("text", text));
        } else {
            Terminal.onStandardOutput().line(output == null ? text.stripTrailing() : "Written to " + output);
        }
        return Exit.DONE;
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
