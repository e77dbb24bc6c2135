package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import io.firedrill.terminal.Times;
import io.firedrill.tool.Words;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The catalogue. */
@Command(
        name = "backups",
        mixinStandardHelpOptions = true,
        description = "List backups, newest first; read one back; hold one; expire old ones; rebuild the list from the stores.",
        subcommands = {
            BackupsCommand.VerifyCommand.class,
            BackupsHoldCommands.HoldCommand.class,
            BackupsHoldCommands.ReleaseCommand.class,
            BackupsExpireCommand.class,
            BackupsCommand.RescanCommand.class
        })
final class BackupsCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "SERVICE", arity = "0..1", description = "Only this service's (default: all).")
    private @Nullable String service;

    @Override
    public Integer call() {
        JsonNode answer = server.api().get("/backups" + new Query().with("service", service));
        if (server.json()) {
            server.print(answer);
            return Exit.DONE;
        }
        Table table = table(Json.items(answer, "backups"));
        server.terminal().lines(table.isEmpty() ? List.of("No backups yet.") : table.lines());
        return Exit.DONE;
    }

    private static Table table(List<JsonNode> backups) {
        Times times = Times.here();
        Table table = new Table("BACKUP", "KIND", "TAKEN", "SIZE", "STORED", "CONTENT", "STATE", "STORES");
        backups.forEach(backup -> table.row(
                Json.text(backup, "id", ""),
                Json.text(backup, "kind", ""),
                Json.instant(backup, "snapshotAt").map(times::atAndAgo).orElse(""),
                Words.bytes(Json.number(backup, "bytes")),
                Words.bytes(Json.number(backup, "storedBytes")),
                content(backup),
                Json.text(backup, "state", "").toLowerCase(Locale.ROOT) + (backup.path("hold").isObject() ? ", held" : ""),
                Json.items(backup, "stores").stream().map(s -> Json.text(s, "store", "")).collect(Collectors.joining(","))));
        return table;
    }

    private static String content(JsonNode backup) {
        if (Json.text(backup, "kind", "").equals("physical")) {
            return "a server, recoverable to " + Json.instant(backup, "recoverableTo").map(Times.here()::atAndAgo).orElse("its own moment");
        }
        return Json.number(backup, "tables") > 0
                ? String.format(Locale.ROOT, "%,d tables, %,d rows", Json.number(backup, "tables"), Json.number(backup, "rows"))
                : String.format(Locale.ROOT, "%,d files", Json.number(backup, "files"));
    }

    /** Reads a backup back whole from every store it is in. */
    @Command(name = "verify", mixinStandardHelpOptions = true, description = "Read a backup back whole from each of its stores.")
    static final class VerifyCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Parameters(paramLabel = "ID", description = "The backup's id (see: firedrill backups).")
        private String backup = "";

        @Override
        public Integer call() {
            JsonNode answer = server.api().post("/backups/" + Query.encoded(backup) + "/verify", Json.object());
            if (server.json()) {
                server.print(answer);
            } else {
                answer.path("stores").properties().forEach(store -> server.terminal().line(
                        "%s read back whole from %s: every digest is right, %s in %.1f s".formatted(
                                backup,
                                store.getKey(),
                                Words.bytes(Json.number(store.getValue(), "storedBytes")),
                                Json.decimal(store.getValue(), "seconds"))));
            }
            return Exit.DONE;
        }
    }

    /** Rebuilds the catalogue. */
    @Command(name = "rescan", mixinStandardHelpOptions = true, description = "Rebuild the catalogue from what the stores hold.")
    static final class RescanCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Override
        public Integer call() {
            JsonNode answer = server.api().post("/backups/rescan", Json.object());
            if (server.json()) {
                server.print(answer);
            } else {
                server.terminal().line(Json.number(answer, "backups") + " backups in the stores; the catalogue is rebuilt.");
            }
            return Exit.DONE;
        }
    }
}
