package io.firedrill.cli;

import io.firedrill.client.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Legal holds: a held backup is kept whatever the plan's retention says. */
final class BackupsHoldCommands {
    private BackupsHoldCommands() {}

    /** Both say one word of one backup, with a reason. */
    private abstract static class Saying implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Parameters(paramLabel = "ID", description = "The backup's id (see: firedrill backups).")
        private String backup = "";

        @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept in the stores with your name.")
        private String reason = "";

        abstract String word();

        abstract String done(JsonNode backup);

        @Override
        public Integer call() {
            JsonNode answer = server.api()
                    .post("/backups/" + Query.encoded(backup) + "/" + word(), Json.object().put("reason", reason));
            if (server.json()) {
                server.print(answer);
            } else {
                server.terminal().line(done(answer));
            }
            return Exit.DONE;
        }
    }

    @Command(
            name = "hold",
            mixinStandardHelpOptions = true,
            description = "Put a backup under legal hold: it is kept until released, whatever the retention.")
    static final class HoldCommand extends Saying {
        @Override
        String word() {
            return "hold";
        }

        @Override
        String done(JsonNode backup) {
            return "%s is held by %s: %s".formatted(
                    Json.text(backup, "id", ""),
                    Json.text(backup.path("hold"), "by", "?"),
                    Json.text(backup.path("hold"), "reason", ""));
        }
    }

    @Command(
            name = "release",
            mixinStandardHelpOptions = true,
            description = "End a backup's legal hold: from then on the plan's retention decides about it.")
    static final class ReleaseCommand extends Saying {
        @Override
        String word() {
            return "release";
        }

        @Override
        String done(JsonNode backup) {
            return Json.text(backup, "id", "") + " is released: the plan's retention decides about it again.";
        }
    }
}
