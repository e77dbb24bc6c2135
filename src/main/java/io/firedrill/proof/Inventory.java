package io.firedrill.proof;

import io.firedrill.proof.DatabaseContents.CategoryDigest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything a database is besides rows, as sorted lines of text in categories; two databases are defined alike exactly
 * when their lines are. As text: a line is category, tab, the line with backslash, newline, carriage return and tab
 * written as {@code \\ \n \r \t}.
 */
public final class Inventory {
    private static final List<String> CATEGORIES = List.of(
            "database", "schemas", "extensions", "relations", "columns", "constraints", "indexes", "views", "functions",
            "types", "triggers", "rules", "policies", "event-triggers", "sequences", "operators", "languages", "collations",
            "text-search", "statistics", "publications", "subscriptions", "foreign-data", "comments", "security-labels",
            "owners", "grants", "default-privileges", "roles");

    private final SortedMap<String, List<String>> lines;

    private Inventory(SortedMap<String, List<String>> lines) {
        this.lines = lines;
    }

    static Inventory of(Session session) throws SQLException {
        boolean superuser = "on".equals(session.text("show is_superuser"));
        SortedMap<String, List<String>> all = new TreeMap<>();
        for (String category : CATEGORIES) {
            if (category.equals("subscriptions") && !superuser) {
                continue;
            }
            String sql = CatalogQuery.read("inventory/" + category + ".sql", session.version(), superuser);
            all.put(category, sorted(session, sql));
        }
        return new Inventory(all);
    }

    private static List<String> sorted(Session session, String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = session.connection().createStatement()) {
            statement.setFetchSize(10_000);
            try (ResultSet row = statement.executeQuery(sql)) {
                while (row.next()) {
                    if (row.getString(1) != null) {
                        found.add(CanonicalText.of(row.getString(1)));
                    }
                }
            }
        }
        Collections.sort(found);
        return found;
    }

    /** As written by {@link #writeTo}. */
    public static Inventory read(InputStream in) throws IOException {
        SortedMap<String, List<String>> all = new TreeMap<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            int tab = line.indexOf('\t');
            if (tab < 0) {
                throw new IOException("Not a line of an inventory: " + line);
            }
            all.computeIfAbsent(line.substring(0, tab), c -> new ArrayList<>()).add(EscapedText.read(line.substring(tab + 1)));
        }
        return new Inventory(all);
    }

    /** Writes UTF-8 text and flushes; the caller closes. */
    public void writeTo(OutputStream out) throws IOException {
        for (var category : lines.entrySet()) {
            for (String line : category.getValue()) {
                out.write((category.getKey() + "\t" + EscapedText.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        out.flush();
    }

    /** The lines of one category, sorted; none for an unknown category. */
    public List<String> lines(String category) {
        return List.copyOf(lines.getOrDefault(category, List.of()));
    }

    /** For the manifest: per category how many lines and the SHA-256 of the sorted lines, each ended by a newline. */
    public Map<String, CategoryDigest> digests() {
        Map<String, CategoryDigest> digests = new LinkedHashMap<>();
        lines.forEach((category, all) -> {
            Sha256 sha256 = new Sha256();
            all.forEach(line -> sha256.add((EscapedText.write(line) + "\n").getBytes(StandardCharsets.UTF_8)));
            digests.put(category, new CategoryDigest(all.size(), sha256.hex()));
        });
        return digests;
    }

    /** For people: lines that only one of the two has, in this one's words: {@code grants: missing: …}, {@code grants: unexpected: …}. */
    public List<String> differences(Inventory actual) {
        List<String> differences = new ArrayList<>();
        TreeMap<String, List<String>> categories = new TreeMap<>(lines);
        categories.putAll(actual.lines);
        for (String category : categories.keySet()) {
            only(lines(category), actual.lines(category)).forEach(line -> differences.add(category + ": missing: " + line));
            only(actual.lines(category), lines(category)).forEach(line -> differences.add(category + ": unexpected: " + line));
        }
        return differences;
    }

    /** What the first has more of than the second, counting doubles. */
    private static List<String> only(List<String> first, List<String> second) {
        Map<String, Integer> left = new LinkedHashMap<>();
        second.forEach(line -> left.merge(line, 1, Integer::sum));
        List<String> only = new ArrayList<>();
        for (String line : first) {
            if (left.merge(line, -1, Integer::sum) < 0) {
                only.add(line);
            }
        }
        return only;
    }
}
