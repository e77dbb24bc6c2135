package io.firedrill.bench;

import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Words;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a benchmark found.
 *
 * @param databaseBytes what every row's MB/s count
 */
record Results(String name, Machine machine, long databaseBytes, List<Measurement> rows, Map<String, Double> ratios) {
    private static final double MEGA = 1e6;

    static String line(Measurement row) {
        return text("%s: %.1f s, %.1f s of processor time, %s", row.what(), row.seconds(), row.processorSeconds(),
                Words.bytes(row.bytes()));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    void tell(Terminal terminal) {
        Table table = new Table("WHAT", "SECONDS", "MB/S", "CPU SECONDS", "PEAK MB", "SIZE MB");
        for (Measurement row : rows) {
            table.row(row.what(), text("%.1f", row.seconds()), text("%.0f", megabytesPerSecond(row)),
                    text("%.1f", row.processorSeconds()), text("%.0f", row.peakBytes() / MEGA), text("%.0f", row.bytes() / MEGA));
        }
        terminal.blank();
        terminal.lines(table.lines());
        terminal.blank();
        ratios.forEach((name, ratio) -> terminal.line(text("%-24s %.2f", name, ratio)));
        terminal.line(text("Database %s; %d processors, %s memory, %s, Java %s; load before %.1f", Words.bytes(databaseBytes),
                machine.processors(), Words.bytes(machine.memoryBytes()), machine.system(), machine.java(), machine.load()));
    }

    private double megabytesPerSecond(Measurement row) {
        return databaseBytes / MEGA / row.seconds();
    }

    ObjectNode json() {
        ObjectNode json = Json.object().put("name", name);
        json.putObject("machine")
                .put("processors", machine.processors())
                .put("memoryBytes", machine.memoryBytes())
                .put("system", machine.system())
                .put("java", machine.java())
                .put("loadBefore", rounded(machine.load()));
        json.put("databaseBytes", databaseBytes);
        ArrayNode list = json.putArray("rows");
        rows.forEach(row -> list.add(json(row)));
        ObjectNode named = json.putObject("ratios");
        ratios.forEach((name, ratio) -> named.put(name, rounded(ratio)));
        return json;
    }

    private ObjectNode json(Measurement row) {
        return Json.object()
                .put("what", row.what())
                .put("seconds", rounded(row.seconds()))
                .put("mbPerSecond", rounded(megabytesPerSecond(row)))
                .put("cpuSeconds", rounded(row.processorSeconds()))
                .put("peakMb", rounded(row.peakBytes() / MEGA))
                .put("bytes", row.bytes());
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
