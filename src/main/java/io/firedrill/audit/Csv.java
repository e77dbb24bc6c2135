package io.firedrill.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Entries as CSV (RFC 4180): each fact a column, then the hash and the line that was hashed. */
public final class Csv {
    private static final List<String> COLUMNS = columns();

    private Csv() {}

    private static List<String> columns() {
        List<String> all = new ArrayList<>(List.of("n", "at", "who", "action", "outcome"));
        Arrays.stream(Fact.values()).map(Fact::word).forEach(all::add);
        return all;
    }

    public static String header() {
        return String.join(",", COLUMNS) + ",id,prev,hash,entry\r\n";
    }

    public static String row(Row row) {
        JsonNode entry = Lines.tree(row.line());
        return COLUMNS.stream().map(name -> quoted(entry.path(name).asString(""))).collect(Collectors.joining(","))
                + "," + quoted(entry.path("id").asString(""))
                + "," + quoted(entry.path("prev").asString(""))
                + "," + quoted(row.hash())
                + "," + quoted(row.line()) + "\r\n";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
