package io.firedrill.proof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The statement that loads a table's rows, as an archive holds it: which columns they have.
 *
 * @param columns how many
 * @param order for each column in byte order of the names, where it stands in the statement; null when all are there already
 */
record CopyStatement(int columns, int @Nullable [] order) {
    /** With {@code --quote-all-identifiers}, which Firedrill asks for; names as bytes in the server's encoding. */
    private static final String NAME = "\"(?:[^\"]|\"\")+\"";

    private static final Pattern STATEMENT = Pattern.compile(
            "COPY NAME\\.NAME (?:\\((NAME(?:, NAME)*+)\\))? FROM stdin;\n".replace("NAME", NAME), Pattern.DOTALL);
    private static final Pattern ONE = Pattern.compile(NAME, Pattern.DOTALL);

    /** Null when it is written in any other way. */
    static @Nullable CopyStatement parse(byte[] statement) {
        // One char per byte, so that their order is the bytes' order.
        Matcher matcher = STATEMENT.matcher(new String(statement, StandardCharsets.ISO_8859_1));
        if (!matcher.matches()) {
            return null;
        }
        String list = matcher.group(1);
        List<String> names = new ArrayList<>();
        for (Matcher name = ONE.matcher(list == null ? "" : list); name.find(); ) {
            names.add(name.group().substring(1, name.group().length() - 1).replace("\"\"", "\""));
        }
        int[] order = IntStream.range(0, names.size())
                .boxed()
                .sorted(Comparator.comparing(names::get))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean sorted = IntStream.range(0, order.length).allMatch(i -> order[i] == i);
        return new CopyStatement(names.size(), sorted ? null : order);
    }
}
