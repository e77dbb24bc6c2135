package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.BreakGlass;
import io.firedrill.store.Manifest;
import io.firedrill.store.Store;
import io.firedrill.store.StoredBackup;
import io.firedrill.terminal.Table;
import io.firedrill.terminal.Times;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What break-glass says, for people and for programs. */
final class RestoreWords {
    private static final int DIFFERENCES = 10;

    private RestoreWords() {}

    static Table table(List<StoredBackup> choices) {
        Table table = new Table("BACKUP", "SERVICE", "SOURCE", "KIND", "FROM", "SIZE", "STATE");
        choices.forEach(one -> table.row(cells(one).toArray()));
        return table;
    }

    static Table numbered(List<StoredBackup> choices) {
        Table table = new Table("", "BACKUP", "SERVICE", "SOURCE", "KIND", "FROM", "SIZE", "STATE");
        for (int i = 0; i < choices.size(); i++) {
            List<Object> row = new ArrayList<>(cells(choices.get(i)));
            row.add(0, i + 1);
            table.row(row.toArray());
        }
        return table;
    }

    private static List<Object> cells(StoredBackup one) {
        Manifest manifest = one.manifest();
        return List.of(manifest.id(), manifest.service(), manifest.source(), manifest.kind().word(),
                Times.here().atAndAgo(manifest.snapshotAt()), Words.bytes(plainBytes(manifest)), state(one));
    }

    private static String state(StoredBackup one) {
        return one.verdict().map(verdict -> verdict.good() ? "verified" : "quarantined").orElse("unchecked");
    }

    private static long plainBytes(Manifest manifest) {
        return manifest.plainBytes();
    }

    static ObjectNode json(List<StoredBackup> choices) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("backups");
        choices.forEach(one -> {
            Manifest manifest = one.manifest();
            ObjectNode backup = list.addObject()
                    .put("id", manifest.id().value())
                    .put("service", manifest.service())
                    .put("source", manifest.source())
                    .put("kind", manifest.kind().word())
                    .put("snapshotAt", manifest.snapshotAt().toString())
                    .put("bytes", plainBytes(manifest))
                    .put("storedBytes", manifest.storedBytes())
                    .put("state", state(one))
                    .put("note", one.verdict().map(verdict -> verdict.note()).orElse(""));
            backup.set("recipients", Json.tree(manifest.recipients()));
        });
        return json;
    }

    static List<String> plan(BreakGlass.Planned planned, Store store) {
        Manifest manifest = planned.backup();
        List<String> lines = new ArrayList<>(List.of(
                "Backup:  %s, %s of %s, from %s".formatted(
                        manifest.id(), manifest.kind().word(), manifest.source(), Times.here().atAndAgo(manifest.snapshotAt())),
                "From:    " + store.address(),
                "Into:    %s, about %s".formatted(planned.target(), Words.bytes(planned.bytes())),
                "How:     restored as %s, proven against the manifest, then renamed".formatted(planned.restoresInto())));
        planned.warnings().forEach(warning -> lines.add("Mind:    " + warning));
        return lines;
    }

    static List<String> result(BreakGlass.Planned planned, BreakGlass.Result result) {
        List<String> lines = new ArrayList<>();
        Proof proof = result.proof();
        String took = Words.of(Duration.ofMillis(Math.round(result.seconds() * 1000)));
        if (result.inPlace()) {
            lines.add(String.format(Locale.ROOT, "Proven:  %s equal to what the backup recorded, in %s. %s is ready.",
                    planned.backup().files() == null
                            ? String.format(Locale.ROOT, "%,d tables and %,d rows, owners and grants", proof.tables(), proof.rows())
                            : String.format(Locale.ROOT, "%,d files, %s", proof.files(), Words.bytes(proof.bytes())),
                    took, capital(planned.target())));
            if (result.left() != null) {
                lines.add("Left:    the empty database is now " + result.left() + "; drop it when you like.");
            }
            return lines;
        }
        lines.add("NOT proven: what was restored differs from what the backup recorded.");
        proof.differences().stream().limit(DIFFERENCES).forEach(difference -> lines.add("  " + difference));
        lines.add("Means:   the restored copy is %s; %s was not touched.".formatted(result.left(), planned.target()));
        lines.add("Next:    restore another backup, or look at that copy and rename it yourself if it will do.");
        return lines;
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** {@code result} null: a dry run. */
    static ObjectNode json(BreakGlass.Planned planned, Store store, BreakGlass.@Nullable Result result) {
        ObjectNode json = Json.object()
                .put("backup", planned.backup().id().value())
                .put("kind", planned.backup().kind().word())
                .put("from", store.address())
                .put("into", planned.target())
                .put("snapshotAt", planned.backup().snapshotAt().toString())
                .put("bytes", planned.bytes())
                .put("dryRun", result == null);
        json.set("warnings", Json.tree(planned.warnings()));
        if (result != null) {
            Proof proof = result.proof();
            json.put("state", result.inPlace() ? "proven" : "failed")
                    .put("proven", proof.proven())
                    .put("tables", proof.tables())
                    .put("rows", proof.rows())
                    .put("files", proof.files())
                    .put("seconds", result.seconds())
                    .put("left", result.left());
            json.set("differences", Json.tree(proof.differences()));
        }
        return json;
    }
}
