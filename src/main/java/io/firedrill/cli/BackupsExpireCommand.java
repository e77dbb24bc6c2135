package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What retention removes, and why everything else stays. */
@Command(
        name = "expire",
        mixinStandardHelpOptions = true,
        description = {
            "Remove what no retention rule keeps, as every backup run does at its end, and say why the rest stays.",
            "Removing cannot be undone; look first with --dry-run."
        })
final class BackupsExpireCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "SERVICE")
    private String service = "";

    @Option(names = "--dry-run", description = "Remove nothing, only say what would be removed.")
    private boolean dryRun;

    @Override
    public Integer call() {
        JsonNode answer = server.api().post("/backups/expire", Json.object().put("service", service).put("dryRun", dryRun));
        if (server.json()) {
            server.print(answer);
            return Exit.DONE;
        }
        List<JsonNode> fates = Json.items(answer, "backups");
        String goes = dryRun ? "would go" : "removed";
        Table table = new Table("BACKUP", "", "WHY");
        fates.forEach(fate -> table.row(
                Json.text(fate, "id", ""), Json.flag(fate, "removed") ? goes : "stays", why(fate)));
        server.terminal().lines(table.isEmpty() ? List.of("No backups yet.") : table.lines());
        server.terminal().line("%d %s, %d %s.".formatted(
                Json.items(answer, "removed").size(), goes, Json.number(answer, "kept"), dryRun ? "would stay" : "kept"));
        return Exit.DONE;
    }

    private static String why(JsonNode fate) {
        return Json.texts(fate, "why").stream().collect(Collectors.joining("; "));
    }
}
