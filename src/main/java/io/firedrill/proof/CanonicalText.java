package io.firedrill.proof;

/**
 * Undoes the one change that PostgreSQL's own printing and parsing of a definition makes: {@code x IN ('a', 'b')} on a
 * varchar column prints as {@code (ARRAY['a'::character varying, …])::text[]}, which, read again, prints as
 * {@code ARRAY[('a'::character varying)::text, …]}. Both become the latter.
 */
final class CanonicalText {
    private static final String OPEN = "(ARRAY[";

    private CanonicalText() {}

    static String of(String definition) {
        String text = definition;
        for (int at = text.indexOf(OPEN); at >= 0; at = text.indexOf(OPEN, at + 1)) {
            text = spread(text, at);
        }
        return text;
    }

    /** Rewrites the cast array that may begin at {@code open}, or returns the text as it is. */
    private static String spread(String text, int open) {
        int close = end(text, open + OPEN.length(), ']');
        if (close < 0 || !text.startsWith("])::", close)) {
            return text;
        }
        int typeEnd = text.indexOf("[]", close + 4);
        if (typeEnd < 0 || !text.substring(close + 4, typeEnd).matches("[\\w .\"(),]+")) {
            return text;
        }
        String type = text.substring(close + 4, typeEnd);
        StringBuilder spread = new StringBuilder(text.substring(0, open)).append("ARRAY[");
        int from = open + OPEN.length();
        while (from <= close) {
            int comma = end(text, from, ',');
            int to = comma < 0 || comma > close ? close : comma;
            spread.append('(').append(text.substring(from, to).strip()).append(")::").append(type);
            spread.append(to == close ? "" : ", ");
            from = to + 1;
        }
        return spread.append(']').append(text.substring(typeEnd + 2)).toString();
    }

    /** Where the wanted character stands outside quotes and brackets that open after {@code from}; -1 when nowhere. */
    private static int end(String text, int from, char wanted) {
        int depth = 0;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (depth == 0 && c == wanted) {
                return at;
            }
            switch (c) {
                case '\'', '"' -> {
                    at = text.indexOf(c, at + 1);
                    if (at < 0) {
                        return -1;
                    }
                }
                case '(', '[' -> depth++;
                case ')', ']' -> {
                    depth--;
                    if (depth < 0) {
                        return -1;
                    }
                }
                default -> {}
            }
        }
        return -1;
    }
}
