package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.failure.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The tamper-evident trail of who did what. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Verify or export the audit trail: who did or tried what, and what the engine did.",
        subcommands = {AuditCommand.VerifyCommand.class, AuditCommand.ExportCommand.class, AuditCommand.KeyCommand.class})
final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do: verify, export or key.");
    }

    /** Exit code 1 when it is not intact. */
    @Command(name = "verify", mixinStandardHelpOptions = true, description = {
        "Check every entry against its hash, the entry before it and the signed anchors in the stores; name the first that",
        "was changed, removed, put in or exchanged."
    })
    static final class VerifyCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Option(names = "--key", paramLabel = "FILE", description = "A public key kept elsewhere: only anchors signed with it count. May be given again.")
        private List<Path> keys = List.of();

        @Override
        public Integer call() {
            ObjectNode request = Json.object();
            ArrayNode pems = request.putArray("keys");
            keys.forEach(file -> pems.add(read(file)));
            JsonNode verdict = server.api().post("/audit/verify", request);
            boolean intact = Json.flag(verdict, "intact");
            if (server.json()) {
                server.print(verdict);
                return intact ? Exit.DONE : Exit.FAILED;
            }
            if (intact) {
                server.terminal().line("Intact: %s entries, each chained to the one before.".formatted(Json.text(verdict, "entries", "0")));
                server.terminal().line("Head:    %s %s".formatted(Json.text(verdict, "entries", "0"), Json.text(verdict, "headHash", "")));
                server.terminal().line("Anchors: %s compared, the newest holds entry %s"
                        .formatted(Json.text(verdict, "anchors", "0"), Json.text(verdict, "lastAnchored", "0")));
            } else {
                server.terminal().line("NOT intact. First: " + Json.text(verdict.path("first"), "what", ""));
                Json.items(verdict, "findings").stream().skip(1).forEach(finding -> server.terminal().line("  " + Json.text(finding, "what", "")));
            }
            String waiting = Json.text(verdict, "waiting", "0");
            if (!waiting.equals("0")) {
                server.terminal().line(waiting + " more wait on the server's disk and are not chained yet.");
            }
            return intact ? Exit.DONE : Exit.FAILED;
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new Failure("bad-audit-key", "%s cannot be read.".formatted(file), "Nothing was verified.",
                                "Name the file that firedrill audit key printed.")
                        .lasting(e);
            }
        }
    }

    /** How the trail is written. */
    enum Format {
        JSONL,
        CSV
    }

    /** Never over a file that is there. */
    @Command(name = "export", mixinStandardHelpOptions = true,
            description = "Write the whole trail, for auditors who check it without Firedrill (docs/audit.md says how).")
    static final class ExportCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Option(names = "--format", paramLabel = "FORMAT", description = "jsonl (JSON Lines, the default) or csv.")
        private Format format = Format.JSONL;

        @Option(names = "--out", paramLabel = "FILE", description = "Where to (default: standard output). Must not exist.")
        private @Nullable Path file;

        @Option(names = "--after", paramLabel = "N", description = "Only the entries after this number.")
        private long after;

        @Override
        public Integer call() {
            String path = "/audit/export?format=%s&after=%d".formatted(format.name().toLowerCase(Locale.ROOT), after);
            if (file == null) {
                if (server.json()) {
                    throw new ParameterException(new picocli.CommandLine(this), "--json tells what was written: it wants --out FILE.");
                }
                server.api().download(path, System.out);
                return Exit.DONE;
            }
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW))) {
                server.api().download(path, out);
            } catch (FileAlreadyExistsException e) {
                throw new Failure("bad-file", "%s exists already.".formatted(file), "Nothing was exported.", "Name another file.").lasting(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (server.json()) {
                server.print(Json.object().put("file", file.toString()).put("format", format.name().toLowerCase(Locale.ROOT)));
            } else {
                server.terminal().line("The audit trail is in " + file);
            }
            return Exit.DONE;
        }
    }

    /** For whoever verifies from outside. */
    @Command(name = "key", mixinStandardHelpOptions = true,
            description = "Print the public key of the server's anchors; keep it somewhere else.")
    static final class KeyCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Override
        public Integer call() {
            JsonNode key = server.api().get("/audit/key");
            if (server.json()) {
                server.print(key);
            } else {
                server.terminal().line(Json.text(key, "pem", "").strip());
            }
            return Exit.DONE;
        }
    }
}
